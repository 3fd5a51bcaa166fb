using Konko.Engine.Gguf;
using Konko.Engine.Models;

namespace Konko.Cli.Bench;

/// <summary>Loads one model and runs the tests of a plan on it.</summary>
internal static class ModelBench
{
    private const int MaxStepTokens = 512;

    /// <summary>Measures one model with one number of threads.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="threads">Threads of the engine.</param>
    /// <param name="plan">What to measure.</param>
    /// <param name="report">Takes each test's row.</param>
    /// <param name="cancellationToken">Gives up between two measurements.</param>
    /// <exception cref="BenchException">A test needs more positions than the model has.</exception>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported.</exception>
    public static async Task RunAsync(string path, int threads, BenchPlan plan, Action<BenchRow> report, CancellationToken cancellationToken)
    {
        GgufModelCard card;
        CausalModel loaded;
        using (GgufFile file = GgufFile.Open(path))
        {
            card = GgufModelCard.Read(file);
            loaded = ModelLoader.Load(file, threads, MaxStepTokens).Model;
        }

        using CausalModel model = loaded;
        int positions = Math.Max(plan.StepPositions, plan.StreamPositions);
        if (positions > model.ContextLength)
            throw new BenchException($"{Path.GetFileName(path)}: its context is {model.ContextLength} tokens, and the longest test has {positions}.");
        var line = new BenchRow
        {
            Model = Path.GetFileName(path),
            Quantization = card.Quantization,
            Bytes = card.FileBytes,
            Parameters = card.ParameterCount,
            Threads = threads,
            Test = default,
            TokensPerSecond = [],
        };
        RunSteps(model, plan, line, report, cancellationToken);
        foreach ((int streams, int prompt, int generate) in plan.Streams.SelectMany(s => plan.StreamPrompts.SelectMany(p => plan.StreamGenerates.Select(g => (s, p, g)))))
        {
            await using var bench = new StreamBench(model, streams, prompt, generate);
            await bench.RunAsync(cancellationToken); // compiles what is not compiled yet
            var decode = new double[plan.Repetitions];
            var total = new double[plan.Repetitions];
            for (int i = 0; i < decode.Length; i++) (decode[i], total[i]) = await bench.RunAsync(cancellationToken);
            report(line with { Test = BenchTest.Streams, Streams = streams, Prompt = prompt, Generate = generate, TokensPerSecond = decode, TotalTokensPerSecond = total });
        }
    }

    private static void RunSteps(CausalModel model, BenchPlan plan, BenchRow line, Action<BenchRow> report, CancellationToken cancellationToken)
    {
        if (plan.StepPositions == plan.Depths.Max()) return; // neither prompts nor generation
        using var bench = new StepBench(model, plan.StepPositions);
        bench.WarmUp();
        foreach (int depth in plan.Depths)
        {
            foreach (int tokens in plan.Prompts.Where(tokens => tokens > 0))
                report(line with { Test = BenchTest.Prompt, Prompt = tokens, Depth = depth, TokensPerSecond = Measure(() => bench.Prefill(tokens, depth), tokens) });
            foreach (int tokens in plan.Generates.Where(tokens => tokens > 0))
                report(line with { Test = BenchTest.Generate, Generate = tokens, Depth = depth, TokensPerSecond = Measure(() => bench.Generate(tokens, depth), tokens) });
        }

        double[] Measure(Func<TimeSpan> once, int tokens)
        {
            var speeds = new double[plan.Repetitions];
            for (int i = 0; i < speeds.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                speeds[i] = Math.Round(tokens / once().TotalSeconds, 3);
            }

            return speeds;
        }
    }
}
