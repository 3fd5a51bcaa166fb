using System.Buffers;

namespace Konko.Server.Configuration;

/// <summary>What a model may be called.</summary>
internal static class ModelName
{
    public const string Rule = "letters, digits and . _ - : @ + with single slashes between, at most 200.";

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:@+/");

    /// <summary>A name out of a file's: what no name may hold becomes a hyphen.</summary>
    public static string FromFile(string path) => FromText(Path.GetFileNameWithoutExtension(path)) is { Length: > 0 } name ? name : "model";

    /// <summary>A part of a name out of any text: what no part may hold becomes a hyphen; may be empty.</summary>
    public static string FromText(string text)
        => string.Concat(text.Trim().Take(100).Select(c => s_allowed.Contains(c) && c != '/' ? c : '-')).Trim('-', '.');

    public static bool IsValid(string name)
        => name.Length is > 0 and <= 200 && !name.AsSpan().ContainsAnyExcept(s_allowed)
            && name[0] != '/' && name[^1] != '/' && !name.Contains("//", StringComparison.Ordinal)
            && !name.Split('/').Any(part => part is "." or "..");
}
