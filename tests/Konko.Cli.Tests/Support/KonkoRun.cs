using System.Diagnostics;
using System.Text;

namespace Konko.Cli.Tests.Support;

/// <summary>One run of the built program from its start to its end, with pipes at all three streams.</summary>
internal sealed record KonkoRun(int ExitCode, byte[] Bytes, string Error)
{
    /// <summary>What it wrote to standard output.</summary>
    public string Output => Encoding.UTF8.GetString(Bytes);

    /// <summary>The lines of <see cref="Output"/>.</summary>
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    /// <summary>Starts the program without settings from the environment, but for those that are given.</summary>
    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Program[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in Program[1..].Concat(arguments)) start.ArgumentList.Add(argument);
        foreach (string variable in start.Environment.Keys.Where(IsSetting).ToList()) start.Environment.Remove(variable);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<KonkoRun> RunAsync(params IReadOnlyList<string> arguments) => RunAsync("", arguments);

    /// <summary>Runs the program to its end with that standard input.</summary>
    public static async Task<KonkoRun> RunAsync(string input, IReadOnlyList<string> arguments)
    {
        using Process process = Start(arguments);
        await using (StreamWriter writer = process.StandardInput) await writer.WriteAsync(input);
        return await EndAsync(process);
    }

    /// <summary>Waits for the end.</summary>
    public static async Task<KonkoRun> EndAsync(Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var output = new MemoryStream();
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new KonkoRun(process.ExitCode, output.ToArray(), (await error).TrimEnd().ReplaceLineEndings("\n"));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>The words that start the program.</summary>
    public static string[] Program { get; } =
    [
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
        Path.Combine(AppContext.BaseDirectory, "Konko.Cli.dll"),
    ];

    /// <summary>Whether a variable of the environment changes what the program does.</summary>
    public static bool IsSetting(string name) => name.StartsWith("KONKO_", StringComparison.Ordinal) || name is "NO_COLOR" or "OPENAI_API_KEY";
}
