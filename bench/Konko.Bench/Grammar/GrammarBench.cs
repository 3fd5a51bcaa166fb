using System.Diagnostics;
using System.Globalization;
using Konko.Engine.Gguf;
using Konko.Engine.Grammar;
using Konko.Engine.Tokenizers;

namespace Konko.Bench.Grammar;

/// <summary>
/// Times constrained output over a real vocabulary: taking it in, compiling, and the mask of every token of texts. Masks are
/// timed as a grammar's first text meets them, with nothing worked out before, and once more as every further text does.
/// </summary>
internal static class GrammarBench
{
    /// <summary>Rounds with new grammars; one before them lets the runtime compile its code.</summary>
    private const int Rounds = 5;

    // What the fourth issue asks for, in microseconds and milliseconds.
    private const double MostMedian = 50, Most99 = 500, MostCompile = 20;

    /// <summary>Measures, and prints a table.</summary>
    /// <param name="arguments">A GGUF file, of which only the vocabulary is read; <c>--slow N</c> lists the slowest masks of each case, <c>--check</c> compares with what is asked for.</param>
    /// <returns>1 where something takes longer than it may.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        int slow = 0;
        bool check = false;
        string? vocabulary = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--check") check = true;
            else if (arguments[i] == "--slow" && i + 1 < arguments.Length) slow = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
            else vocabulary = arguments[i];
        }

        using GgufFile file = GgufFile.Open(vocabulary ?? throw new FormatException("Whose vocabulary?"));
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        long start = Stopwatch.GetTimestamp();
        GrammarVocabulary taken = GrammarVocabulary.Create(tokenizer);
        Print($"{tokenizer.VocabularySize} tokens taken in in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");

        var runs = GrammarCase.All.Select(grammarCase => new GrammarRun(grammarCase, tokenizer, taken)).ToList();
        for (int round = 0; round <= Rounds; round++)
        {
            foreach (GrammarRun run in runs) run.Round();
        }

        bool isGood = true;
        foreach (GrammarRun run in runs)
        {
            double[] compile = [.. run.Compile.Skip(1)];
            Print($"{run.Name,-10} compiled in {run.Compile[0]:F1} ms, then {Median.Of(compile):F1} ms; {run.First.Count} masks: first {Line(run.First)}; again {Line(run.Again)}");
            foreach ((double time, string place) in run.Places.Zip(run.First, (place, times) => (times, place)).OrderByDescending(item => item.times).Take(slow)) Print($"    {time,8:F1} µs {place}");
            isGood &= Median.Of(compile) <= MostCompile;
        }

        List<double> first = [.. runs.SelectMany(run => run.First)], again = [.. runs.SelectMany(run => run.Again)];
        Print($"all        first {Line(first)}; again {Line(again)}");
        isGood &= Percentile(first, 50) <= MostMedian && Percentile(first, 99) <= Most99;
        if (check) Print($"{(isGood ? "passed" : "FAILED")}: median ≤ {MostMedian} µs, 99 % ≤ {Most99} µs, compiled in ≤ {MostCompile} ms");
        return check && !isGood ? 1 : 0;
    }

    private static double Percentile(IEnumerable<double> times, int percent)
    {
        double[] sorted = [.. times.Order()];
        return sorted[sorted.Length * percent / 100];
    }

    private static string Line(List<double> times) =>
        string.Create(CultureInfo.InvariantCulture, $"median {Percentile(times, 50):F1}, 99 % {Percentile(times, 99):F1}, most {times.Max():F1} µs");

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
