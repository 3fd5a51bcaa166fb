using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Konko.Engine;
using Konko.Engine.Scheduling;

namespace Konko.Bench;

/// <summary>Times an encoder behind its scheduler: many texts in one request, and one text a request from several callers.</summary>
internal static class EncoderBench
{
    /// <summary>Measures and prints.</summary>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(EncoderOptions options)
    {
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(
            options.Model, new LocalEncoderOptions { Threads = options.Threads, MaxStepTokens = options.StepTokens }, TimeProvider.System);
        IReadOnlyList<IReadOnlyList<int>> texts = Texts(options.Texts, options.Prompt, encoder.Tokenizer.VocabularySize);
        double[] together = new double[options.Rounds], singly = new double[options.Rounds];
        for (int round = -2; round < options.Rounds; round++)
        {
            double all = await Together(encoder, texts), each = await Singly(encoder, texts, options.Streams);
            if (round >= 0) (together[round], singly[round]) = (all, each);
        }

        Console.WriteLine(options.Json
            ? JsonSerializer.Serialize(new Dictionary<string, double[]> { ["together"] = together, ["singly"] = singly })
            : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(options.Model)}, {options.Threads} threads, {options.Texts} texts of {texts.Average(t => t.Count):F1} tokens: {Median.Of(together):F0} texts/s in one request, {Median.Of(singly):F0} by {options.Streams} callers"));
        return 0;
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
