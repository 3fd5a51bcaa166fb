namespace Konko.Tests;

/// <summary>Where the files are that tests read.</summary>
internal static class Repository
{
    /// <summary>The root of the clone.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the clone.</summary>
    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The embedded chat model.</summary>
    public static string SmolLM2 => File("models", "SmolLM2-135M-Instruct.Q4_1.gguf");

    /// <summary>The embedded model for embeddings.</summary>
    public static string MiniLM => File("models", "all-MiniLM-L6-v2.Q8_0.gguf");

    /// <summary>Reference data that a clone has, else the larger collection beside it or further up, else null.</summary>
    public static string? Reference(params string[] parts)
    {
        string own = File(["tests", "Konko.Engine.Tests", "Reference", .. parts]);
        if (Path.Exists(own)) return own;
        for (DirectoryInfo? above = Directory.GetParent(Root); above is not null; above = above.Parent)
        {
            string beside = Path.Combine([above.FullName, "shared", "reference", .. parts]);
            if (Path.Exists(beside)) return beside;
        }

        return null;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (System.IO.File.Exists(Path.Combine(directory.FullName, "Konko.slnx"))) return directory.FullName;
        throw new DirectoryNotFoundException("The tests run outside of a clone: no Konko.slnx above " + AppContext.BaseDirectory);
    }
}
