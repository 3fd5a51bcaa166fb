namespace Konko.Http;

/// <summary>Reads a whole body, but no more than a limit.</summary>
internal static class BoundedBody
{
    /// <summary>Most bytes of an answer: 256 MiB.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>Most bytes of an error: 1 MiB; the rest is left.</summary>
    public const int MostErrorBytes = 1 << 20;

    /// <summary>The body's first bytes, as many as the limit allows, and whether there are more.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, bool IsCut)> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        using Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var whole = new MemoryStream((int)Math.Clamp(content.Headers.ContentLength ?? 0, 0, 1 << 20));
        var buffer = new byte[16 << 10];
        while (await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int read)
        {
            int fits = (int)Math.Min(read, most - whole.Length);
            whole.Write(buffer, 0, fits);
            if (fits < read) return (whole.ToArray(), true);
        }

        return (whole.GetBuffer().AsMemory(0, (int)whole.Length), false);
    }
}
