namespace Konko.Engine.Tests.Gguf;

/// <summary>Where the reference files of the GGUF tests lie.</summary>
internal static class GgufTestFiles
{
    /// <summary>The tiny llama models in the repository, by file name without <c>.gguf</c>.</summary>
    public static readonly string[] Tiny = ["llama", "llama-bf16", "llama-f16", "llama-q4_0", "llama-q4_1", "llama-q8_0"];

    private static readonly string s_root = FindRoot();

    /// <summary>The path of a file of <c>Reference</c>.</summary>
    /// <param name="name">Relative to <c>Reference</c>.</param>
    public static string Reference(string name) => Path.Combine(s_root, "tests", "Konko.Engine.Tests", "Reference", name);

    /// <summary>The path of a tiny model.</summary>
    /// <param name="name">One of <see cref="Tiny"/>.</param>
    public static string TinyModel(string name) => Reference(Path.Combine("tiny", name + ".gguf"));

    /// <summary>
    /// All GGUF files of the shared reference data, which lie in <c>shared/reference</c> beside the repository or
    /// further up; empty where there are none.
    /// </summary>
    public static IReadOnlyList<string> Shared()
    {
        for (DirectoryInfo? directory = new(s_root); directory is not null; directory = directory.Parent)
        {
            string path = Path.Combine(directory.FullName, "shared", "reference");
            if (Directory.Exists(path)) return [.. Directory.EnumerateFiles(path, "*.gguf", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }

        return [];
    }

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Konko.slnx"))) directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("Konko.slnx is in no directory above the tests.");
    }
}
