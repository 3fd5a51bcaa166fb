using System.Diagnostics;
using System.Globalization;
using Konko.Engine;
using Konko.Engine.Scheduling;

namespace Konko.Bench;

/// <summary>Times an encoder behind its scheduler: many texts in one request, and one text a request from several callers.</summary>
internal static class EncoderBench
{
    /// <summary>Measures as the command line says, after two rounds to warm up.</summary>
    /// <exception cref="FormatException">An unknown option, or a value that does not fit.</exception>
    public static async Task<int> RunAsync(string[] arguments)
    {
        string model = "";
        int threads = Environment.ProcessorCount, count = 256, tokens = 22, callers = 16, step = 512, rounds = 5;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i], value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"{name} needs a value.");
            if (name == "-m")
            {
                model = value;
                continue;
            }

            int number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) && parsed > 0 ? parsed : throw new FormatException($"{name} must be a whole number, not '{value}'.");
            _ = name switch
            {
                "-t" => threads = number,
                "-e" => count = number,
                "-p" => tokens = number,
                "-b" => callers = number,
                "-s" => step = number,
                "-r" => rounds = number,
                _ => throw new FormatException($"{name} is no option."),
            };
        }

        if (model.Length == 0) throw new FormatException("-m MODEL is missing.");
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(model, new LocalEncoderOptions { Threads = threads, MaxStepTokens = step }, TimeProvider.System);
        IReadOnlyList<IReadOnlyList<int>> texts = Texts(count, tokens, encoder.Tokenizer.VocabularySize);
        double[] together = new double[rounds], singly = new double[rounds];
        for (int round = -2; round < rounds; round++)
        {
            double all = await Together(encoder, texts), each = await Singly(encoder, texts, callers);
            if (round >= 0) (together[round], singly[round]) = (all, each);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(model)}, {threads} threads, {count} texts of {texts.Average(t => t.Count):F1} tokens: {Median(together):F0} texts/s in one request, {Median(singly):F0} by {callers} callers"));
        return 0;
    }

    /// <summary>The median; the values are sorted.</summary>
    public static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    /// <summary>Texts a second in one request of all of them.</summary>
    public static async Task<double> Together(LocalEncoder encoder, IReadOnlyList<IReadOnlyList<int>> texts)
    {
        long start = Stopwatch.GetTimestamp();
        await Embed(encoder, texts);
        return texts.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Texts a second where each caller hands in one after the other.</summary>
    public static async Task<double> Singly(LocalEncoder encoder, IReadOnlyList<IReadOnlyList<int>> texts, int callers)
    {
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < texts.Count;) await Embed(encoder, [texts[i]]);
        }));
        return texts.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>So many texts, their lengths spread evenly by a fifth around the wanted one.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Texts(int count, int tokens, int vocabulary)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i => (int[])[.. Enumerable.Range(0, Math.Max(1, tokens + tokens * (i % 11 - 5) / 25)).Select(_ => random.Next(vocabulary))])];
    }

    private static Task<IReadOnlyList<float[]>> Embed(LocalEncoder encoder, IReadOnlyList<IReadOnlyList<int>> texts)
        => encoder.Scheduler.TrySubmit(new EmbeddingRequest { Inputs = texts }, out Task<IReadOnlyList<float[]>>? vectors, out SubmitRefusal? refusal)
            ? vectors
            : throw new InvalidOperationException($"The encoder refused: {refusal}.");
}
