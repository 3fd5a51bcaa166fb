namespace Konko.Json;

/// <summary>The answer of <c>POST /v1/detokenize</c>.</summary>
internal sealed record Detokenization
{
    public string Prompt { get; init => field = value ?? ""; } = "";
}
