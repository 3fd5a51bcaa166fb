using System.Text.RegularExpressions;

namespace Konko.Server.Tests.Support;

/// <summary>Compares what a test got with what is written down in <c>Api/Transcripts</c>; the environment variable <c>KONKO_ACCEPT=1</c> writes it down anew.</summary>
internal static partial class Golden
{
    /// <summary>Where a transcript is written down.</summary>
    public static string PathOf(string name) => Repository.File("tests", "Konko.Server.Tests", "Api", "Transcripts", name + ".txt");

    /// <summary>Whether what is written down is to be written anew.</summary>
    public static bool Accepts => Environment.GetEnvironmentVariable("KONKO_ACCEPT") == "1";

    public static void Verify(string actual, string name)
    {
        string path = PathOf(name);
        actual = AnyId().Replace(actual, "{id}").ReplaceLineEndings("\n");
        if (Accepts) File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing; run once with KONKO_ACCEPT=1 and read what it wrote.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")]
    private static partial Regex AnyId();
}
