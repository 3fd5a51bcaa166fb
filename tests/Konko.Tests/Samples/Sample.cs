using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Konko.Tests.Samples;

/// <summary>A C# sample of the package's README: a whole program. It is compiled as it stands, and run against the server that the environment names.</summary>
internal sealed partial record Sample(int Number, string Code)
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Net.Http; global using System.Threading.Tasks; global using Microsoft.Extensions.DependencyInjection;";

    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    public static IReadOnlyList<Sample> All { get; } =
        [.. Fence().Matches(File.ReadAllText(Repository.File("src", "Konko", "README.md"))).Select((match, number) => new Sample(number + 1, match.Groups[1].Value))];

    /// <summary>The program, or what the compiler has against it.</summary>
    public (byte[]? Program, IReadOnlyList<string> Errors) Compile()
    {
        CSharpParseOptions latest = new(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create($"Sample{Number}", [CSharpSyntaxTree.ParseText(Usings, latest), CSharpSyntaxTree.ParseText(Code, latest)], References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        string[] errors = [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString())];
        return (result.Success ? image.ToArray() : null, errors);
    }

    /// <summary>Runs the program in this process.</summary>
    public async Task RunAsync()
    {
        MethodInfo entry = Assembly.Load(Compile().Program!).EntryPoint!;
        // The entry of a program that awaits blocks its thread until it is done.
        await Task.Run(() => entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]));
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
