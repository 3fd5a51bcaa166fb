using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Konko.Bench;
using Konko.Bench.Scheduling;
using Konko.Engine.Gguf;
using Konko.Engine.Models;

// konko-bench grammar VOCABULARY
if (args is ["grammar", var vocabulary])
{
    GrammarBench.Run(vocabulary);
    return;
}

// konko-bench -m MODEL [-t THREADS] [-p PROMPT] [-n GENERATE] [-d DEPTH] [-b STREAMS] [-r ROUNDS] [--json]
if (args is ["scheduling", ..])
{
    Environment.ExitCode = await SchedulingBench.RunAsync(args[1..]);
    return;
}

var options = BenchOptions.Parse(args);
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
    return;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(options.Model)}, {options.Threads} threads, loaded in {load.Elapsed.TotalSeconds:F2} s"));
if (options.Prompt > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pp{options.Prompt} @ d{options.Depth}: {ModelBench.Median(prefill):F1} tokens/s"));
if (options.Generate > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tg{options.Generate} × {options.Streams} @ d{options.Depth}: {ModelBench.Median(generate):F1} tokens/s"));
