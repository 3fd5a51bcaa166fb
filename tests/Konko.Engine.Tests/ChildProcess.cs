using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Konko.Engine.Tests;

/// <summary>
/// Runs a static method of this assembly in a fresh process, under other environment variables: the JIT reads its
/// switches once, so that other instruction sets need another process.
/// </summary>
internal static class ChildProcess
{
    private const string ScenarioVariable = "KONKO_TEST_SCENARIO";
    // Without vectors, beside other work, the whole gate takes its time.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(GateScale.Of(5, 15));

    /// <summary>The switches that take instruction sets away from the JIT, one a run.</summary>
    public static TheoryData<string> InstructionSetSwitches { get; } =
        ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    /// <summary>What the method returns when it runs in a process of its own.</summary>
    /// <param name="scenario">A static method of this assembly, given by its name: <c>ChildProcess.Run(Digest, …)</c>.</param>
    /// <param name="environment">Variables set for the child, such as ("DOTNET_EnableAVX512", "0").</param>
    public static string Run(Func<string> scenario, params (string Name, string Value)[] environment)
    {
        Assert.True(scenario.Method.IsStatic, "A scenario is a static method: nothing but its name reaches the child.");
        string program = Path.ChangeExtension(typeof(ChildProcess).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[ScenarioVariable] = $"{scenario.Method.DeclaringType!.FullName}:{scenario.Method.Name}";
        foreach ((string name, string value) in environment) start.Environment[name] = value;

        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> error = child.StandardError.ReadToEndAsync();
        if (!child.WaitForExit(Timeout))
        {
            child.Kill();
            Assert.Fail($"{scenario.Method.Name} ran for more than {Timeout} in its child process.");
        }

        Assert.True(child.ExitCode == 0, $"{scenario.Method.Name} failed in its child process:\n{error.Result}");
        return output.Result;
    }

    /// <summary>The same with one of <see cref="InstructionSetSwitches"/> off.</summary>
    /// <param name="scenario">A static method of this assembly.</param>
    /// <param name="instructionSetSwitch">The variable that is set to 0.</param>
    public static string RunWithout(Func<string> scenario, string instructionSetSwitch) => Run(scenario, (instructionSetSwitch, "0"));

    /// <summary>In a child, takes the place of the test runner before it starts.</summary>
    [ModuleInitializer]
    internal static void RunScenario()
    {
        if (Environment.GetEnvironmentVariable(ScenarioVariable) is not string name) return;
        try
        {
            string[] parts = name.Split(':');
            MethodInfo method = typeof(ChildProcess).Assembly.GetType(parts[0], throwOnError: true)!
                .GetMethod(parts[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
            Console.Out.Write(method.CreateDelegate<Func<string>>()());
            Environment.Exit(0);
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            Environment.Exit(1);
        }
    }
}
