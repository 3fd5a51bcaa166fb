using System.Buffers;

namespace Konko.Cli.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">Its path there; nothing is believed about it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The sum of its content in lower-case hexadecimal; null where the hub gives none.</param>
internal sealed record HubFile(string Path, long Bytes, string? Sha256)
{
    /// <summary>Larger than any model: a size beyond it is a mistake or a trap.</summary>
    public const long MostBytes = 1L << 44;

    // What some file system forbids or some shell takes for something else; spaces are allowed.
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("\\:*?\"<>|");

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether the path leads to nothing but a file below the repository, and its name may be a file's here.</summary>
    public bool IsSafe => Path.Length <= 1000 && Path.Split('/').All(part => IsSafeName(part)) && IsSafeModelName(Name);

    /// <summary>Whether a model's file may be called so.</summary>
    public static bool IsSafeModelName(string name) => IsSafeName(name) && name.Length is > 5 and <= 200 && name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    private static bool IsSafeName(string name) =>
        name.Length > 0 && name[0] is not ('.' or '-' or ' ') && name[^1] is not ('.' or ' ')
        && !name.AsSpan().ContainsAny(s_forbidden) && !name.Contains('/', StringComparison.Ordinal) && !name.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
}
