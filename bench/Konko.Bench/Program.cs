using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Konko.Bench;
using Konko.Bench.Scheduling;
using Konko.Engine;
using Konko.Engine.Gguf;
using Konko.Engine.Models;

// konko-bench tokenize [-r ROUNDS] [--least MB/s] -f TEXT VOCABULARY…
if (args is ["tokenize", ..]) return TokenizerBench.Run(args.AsSpan(1));

// konko-bench scheduling echo|gaps|prefix|steps MODEL [THREADS [ROUNDS]]
if (args is ["scheduling", ..]) return await SchedulingBench.RunAsync(args[1..]);

// konko-bench -m MODEL [-t THREADS] [-p PROMPT] [-n GENERATE] [-d DEPTH] [-b STREAMS] [-r ROUNDS] [--json]
// An encoder takes -e TEXTS of -p tokens, in one request and singly by -b callers, in steps of at most -s tokens.
var options = BenchOptions.Parse(args);
if (options.Texts > 0)
{
    await using LocalEncoder encoder = await LocalEncoder.LoadAsync(
        options.Model, new LocalEncoderOptions { Threads = options.Threads, MaxStepTokens = options.StepTokens }, TimeProvider.System);
    IReadOnlyList<IReadOnlyList<int>> texts = EncoderBench.Texts(options.Texts, options.Prompt, encoder.Tokenizer.VocabularySize);
    double[] together = new double[options.Rounds], singly = new double[options.Rounds];
    for (int round = -2; round < options.Rounds; round++)
    {
        double all = await EncoderBench.Together(encoder, texts), each = await EncoderBench.Singly(encoder, texts, options.Streams);
        if (round >= 0) (together[round], singly[round]) = (all, each);
    }

    Console.WriteLine(options.Json
        ? JsonSerializer.Serialize(new Dictionary<string, double[]> { ["together"] = together, ["singly"] = singly })
        : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(options.Model)}, {options.Threads} threads, {options.Texts} texts of {texts.Average(t => t.Count):F1} tokens: {ModelBench.Median(together):F0} texts/s in one request, {ModelBench.Median(singly):F0} by {options.Streams} callers"));
    return 0;
}

var load = Stopwatch.StartNew();
using GgufFile file = GgufFile.Open(options.Model);
using CausalModel model = ModelLoader.Load(file, options.Threads, maxStepTokens: 512).Model;
load.Stop();

using var bench = new ModelBench(model, options.Depth + Math.Max(options.Prompt, options.Generate) + 1, options.Streams);
bench.Prefill(Math.Min(64, options.Prompt), 0);
bench.Generate(8, 0);
double[] prefill = new double[options.Rounds], generate = new double[options.Rounds];
for (int round = 0; round < options.Rounds; round++)
{
    if (options.Prompt > 0) prefill[round] = options.Prompt / bench.Prefill(options.Prompt, options.Depth).TotalSeconds;
    if (options.Generate > 0) generate[round] = options.Streams * options.Generate / bench.Generate(options.Generate, options.Depth).TotalSeconds;
}

if (options.Json)
{
    Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double[]> { ["pp"] = prefill, ["tg"] = generate }));
    return 0;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(options.Model)}, {options.Threads} threads, loaded in {load.Elapsed.TotalSeconds:F2} s"));
if (options.Prompt > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pp{options.Prompt} @ d{options.Depth}: {ModelBench.Median(prefill):F1} tokens/s"));
if (options.Generate > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tg{options.Generate} × {options.Streams} @ d{options.Depth}: {ModelBench.Median(generate):F1} tokens/s"));
return 0;
