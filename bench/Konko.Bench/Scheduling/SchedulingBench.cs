using System.Globalization;
using Konko.Engine.Gguf;
using Konko.Engine.Models;

namespace Konko.Bench.Scheduling;

/// <summary><c>scheduling echo|gaps|prefix|steps MODEL [THREADS [ROUNDS]]</c>: what the scheduler's policies cost and gain.</summary>
internal static class SchedulingBench
{
    /// <summary>Runs the named one.</summary>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        int threads = Environment.ProcessorCount, rounds = 5;
        if (args.Length is < 2 or > 4 || (args.Length > 2 && !Read(args[2], out threads)) || (args.Length > 3 && !Read(args[3], out rounds)))
        {
            await Console.Error.WriteLineAsync("scheduling echo|gaps|prefix|steps MODEL [THREADS [ROUNDS]]");
            return 2;
        }

        switch (args[0])
        {
            case "echo": await EchoBench.RunAsync(args[1], threads, rounds); break;
            case "gaps": await GapBench.RunAsync(args[1], threads, rounds); break;
            case "prefix": await PrefixBench.RunAsync(args[1], threads, rounds); break;
            case "steps":
                using (GgufFile file = GgufFile.Open(args[1]))
                using (CausalModel model = ModelLoader.Load(file, threads, maxStepTokens: 512).Model) StepCostBench.Run(model);
                break;
            default:
                await Console.Error.WriteLineAsync($"There is no '{args[0]}'.");
                return 2;
        }

        return 0;
    }

    private static bool Read(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
}
