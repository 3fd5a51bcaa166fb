using System.Diagnostics;
using System.Globalization;
using System.Text;
using Konko.Engine.Gguf;
using Konko.Engine.Tokenizers;

namespace Konko.Bench;

/// <summary>Times how fast the tokenizers of model files take texts apart, on one thread.</summary>
/// <remarks>
/// Every round has a tokenizer that has seen nothing yet, so that what it remembers of words helps as much as it would
/// with a text that comes once.
/// </remarks>
internal static class TokenizerBench
{
    /// <summary>About the length of a long prompt, in characters; a text is given to the tokenizer in documents so long.</summary>
    private const int DocumentLength = 16 << 10;

    /// <summary><c>tokenize [-r ROUNDS] [--least MB/s] -f TEXT VOCABULARY…</c>: a line for each vocabulary; 1 where one is too slow.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        int rounds = 5, slow = 0;
        double least = 0;
        var texts = new List<string>();
        var vocabularies = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "-f" && i + 1 < args.Length) texts.Add(args[++i]);
            else if (args[i] == "-r" && i + 1 < args.Length) rounds = int.Parse(args[++i], NumberStyles.None, CultureInfo.InvariantCulture);
            else if (args[i] == "--least" && i + 1 < args.Length) least = double.Parse(args[++i], NumberStyles.Float, CultureInfo.InvariantCulture);
            else vocabularies.Add(args[i]);
        }

        if (texts.Count == 0 || vocabularies.Count == 0)
        {
            Console.Error.WriteLine("usage: tokenize [-r ROUNDS] [--least MB/s] -f TEXT [-f TEXT]… VOCABULARY.gguf…");
            return 2;
        }

        List<string> documents = [.. texts.SelectMany(path => Documents(File.ReadAllText(path)))];
        long bytes = documents.Sum(document => (long)Encoding.UTF8.GetByteCount(document));
        foreach (string path in vocabularies)
        {
            using GgufFile file = GgufFile.Open(path);
            long tokens = Encode(Tokenizer.FromGguf(file), documents);
            double[] speeds = new double[rounds];
            for (int round = 0; round < rounds; round++)
            {
                Tokenizer tokenizer = Tokenizer.FromGguf(file);
                GC.Collect();
                long start = Stopwatch.GetTimestamp();
                Encode(tokenizer, documents);
                speeds[round] = bytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            if (Median.Of(speeds) < least) slow++;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(path),-32} {Median.Of(speeds),7:F2} MB/s ({speeds.Min():F2} … {speeds.Max():F2}), {bytes / 1e6:F1} MB, {tokens} tokens"));
        }

        return slow == 0 ? 0 : 1;
    }

    private static long Encode(Tokenizer tokenizer, List<string> documents)
    {
        long tokens = 0;
        foreach (string document in documents) tokens += tokenizer.Encode(document, parseSpecial: false).Count;
        return tokens;
    }

    /// <summary>Cuts at the ends of lines.</summary>
    private static IEnumerable<string> Documents(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = start + DocumentLength < text.Length ? text.IndexOf('\n', start + DocumentLength) + 1 : 0;
            if (end == 0) end = text.Length;
            yield return text[start..end];
            start = end;
        }
    }
}
