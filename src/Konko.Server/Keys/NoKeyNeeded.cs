namespace Konko.Server.Keys;

/// <summary>Marks an endpoint that answers without a key.</summary>
internal sealed class NoKeyNeeded
{
    public static NoKeyNeeded Instance { get; } = new();
}
