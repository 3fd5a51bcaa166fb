namespace Konko.Cli.Tests.Hub;

/// <summary>What came to the hub.</summary>
/// <param name="IsHub">Whether it came to the hub itself, not to where it keeps large files.</param>
/// <param name="Path">The path.</param>
/// <param name="Range">Its header, null where there is none; as the others.</param>
/// <param name="IfRange">Its header.</param>
/// <param name="Authorization">Its header.</param>
internal sealed record FakeHubRequest(bool IsHub, string Path, string? Range, string? IfRange, string? Authorization);
