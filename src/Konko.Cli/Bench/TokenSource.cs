namespace Konko.Cli.Bench;

/// <summary>Random tokens, the same in every run.</summary>
/// <param name="vocabulary">Number of tokens.</param>
internal sealed class TokenSource(int vocabulary)
{
    private readonly Random _random = new(1);

    public int[] Next(int count)
    {
        int[] tokens = new int[count];
#pragma warning disable CA5394 // Drawn to be repeated, not to be secret.
        for (int i = 0; i < count; i++) tokens[i] = _random.Next(vocabulary);
#pragma warning restore CA5394
        return tokens;
    }
}
