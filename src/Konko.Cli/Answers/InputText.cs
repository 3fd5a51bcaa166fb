using System.Text;
using Konko.Cli.Running;

namespace Konko.Cli.Answers;

/// <summary>Text from a command's arguments and its standard input.</summary>
internal static class InputText
{
    private const int MostBytes = 16 << 20;

    /// <summary>The words, a <c>-</c> among them replaced by standard input; without words, standard input.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="open">Opens standard input.</param>
    /// <exception cref="UsageException">It is too long, or no text.</exception>
    public static string Of(IReadOnlyList<string> words, Func<Stream> open)
    {
        if (words.Count == 0) return Read(open);
        int dash = words.ToList().IndexOf("-");
        if (dash < 0) return string.Join(' ', words);
        string before = string.Join(' ', words.Take(dash)), after = string.Join(' ', words.Skip(dash + 1));
        return string.Join("\n\n", new[] { before, Read(open), after }.Where(part => part.Length > 0));
    }

    /// <summary>The file's text, where one is named; else that of the words, or of standard input.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="file">What <c>--file</c> names; null is nothing.</param>
    /// <param name="argument">What the words are called.</param>
    /// <param name="open">Opens standard input.</param>
    /// <exception cref="UsageException">Both are there; or it is too long, or no text.</exception>
    public static string Of(IReadOnlyList<string> words, FileInfo? file, string argument, Func<Stream> open)
    {
        if (file is null) return Of(words, open);
        return words.Count == 0 ? ReadFile(file) : throw new UsageException($"{argument} and --file exclude one another.");
    }

    /// <summary>All of standard input, but for the line end at its end, which programs add and nobody means.</summary>
    /// <exception cref="UsageException">It is too long, or no text.</exception>
    public static string Read(Func<Stream> open)
    {
        using Stream stream = open();
        string text = Decode(stream, "standard input");
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>All of a file, as it is.</summary>
    /// <exception cref="UsageException">It is too long, or no text.</exception>
    private static string ReadFile(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        return Decode(stream, file.Name);
    }

    private static string Decode(Stream stream, string name)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MostBytes) throw new UsageException($"{name} is longer than {MostBytes >> 20} MiB.");
        }

        try
        {
            ReadOnlySpan<byte> text = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"{name} is no UTF-8 text.");
        }
    }
}
