namespace Konko.Json;

/// <summary>The answer of <c>GET /v1/models</c>.</summary>
internal sealed record ModelPage
{
    public IReadOnlyList<Model> Data { get; init => field = value ?? []; } = [];
}
