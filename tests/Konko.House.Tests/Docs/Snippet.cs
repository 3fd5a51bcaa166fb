using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Konko.House.Tests.Docs;

/// <summary>A C# example of a page: a whole program, or the declarations of one.</summary>
/// <param name="File">The page.</param>
/// <param name="Code">The example.</param>
internal sealed record Snippet(string File, string Code)
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Http; global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.DependencyInjection; global using Microsoft.Extensions.Hosting;
        """;

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>Every C# example of the pages.</summary>
    public static IEnumerable<Snippet> All => MarkdownFile.All.SelectMany(file => file.Code("csharp").Select(code => new Snippet(file.Path, code)));

    /// <summary>What the compiler has against it, as in a new web project of today.</summary>
    public IEnumerable<string> Errors()
    {
        CSharpParseOptions latest = new(LanguageVersion.Latest);
        return CSharpCompilation.Create("Snippet",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, latest), CSharpSyntaxTree.ParseText(Code, latest, File)], References.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error || diagnostic.Severity is DiagnosticSeverity.Warning && diagnostic.Id.StartsWith("CS86", StringComparison.Ordinal))
            .Select(diagnostic => diagnostic.ToString());
    }
}
