using System.Text.RegularExpressions;
using Konko.Cli.Running;

namespace Konko.Cli.Hub;

/// <summary>What is to be pulled: <c>org/repo[:quant]</c>.</summary>
/// <param name="Repository">The repository, such as <c>bartowski/Llama-3.2-1B-Instruct-GGUF</c>.</param>
/// <param name="Wanted">The quantisation, or the name of a file; null takes the usual one.</param>
/// <param name="Revision">The branch, tag or commit.</param>
internal sealed partial record HubReference(string Repository, string? Wanted, string Revision = "main")
{
    /// <summary>Reads one.</summary>
    /// <param name="text">As it was typed.</param>
    /// <param name="revision">The branch, tag or commit.</param>
    /// <exception cref="UsageException">It is none.</exception>
    public static HubReference Parse(string text, string revision = "main")
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string repository = colon < 0 ? text : text[..colon];
        string? wanted = colon < 0 ? null : text[(colon + 1)..];
        if (!Name().IsMatch(repository) || wanted is { Length: 0 or > 200 }) throw new UsageException($"MODEL must be ORG/REPO or ORG/REPO:QUANT, such as bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M, not '{text}'.");
        if (!RevisionName().IsMatch(revision)) throw new UsageException($"--revision must be a branch, a tag or a commit, not '{revision}'.");
        return new HubReference(repository, wanted, revision);
    }

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,95}/[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,95}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\z")]
    private static partial Regex RevisionName();
}
