using System.Globalization;
using Konko.Engine.Kernels;

namespace Konko.Bench.Machine;

/// <summary>What the machine could do at most just now, with some threads.</summary>
/// <param name="Int8">10⁹ multiply-adds of bytes a second, by the instruction that the kernels use.</param>
/// <param name="Float">10⁹ fused multiply-adds of floats a second.</param>
/// <param name="Read">10⁹ bytes read from memory a second.</param>
internal sealed record Ceilings(double Int8, double Float, double Read)
{
    private static readonly Lazy<ReadProbe> s_read = new(() => new ReadProbe(Environment.ProcessorCount));
    private static readonly Int8Probe s_int8 = new();
    private static readonly FloatProbe s_float = new();

    /// <summary>Measures them: neighbours on the same host take turns, so figures of another minute do not count.</summary>
    /// <param name="team">The threads; no more than processors.</param>
    public static Ceilings Probe(WorkerTeam team) => new(s_int8.Measure(team), s_float.Measure(team), s_read.Value.Measure(team));

    /// <summary>The higher of both, each for itself.</summary>
    public static Ceilings Max(Ceilings a, Ceilings b) => new(Math.Max(a.Int8, b.Int8), Math.Max(a.Float, b.Float), Math.Max(a.Read, b.Read));

    /// <summary>Prints them for some numbers of threads.</summary>
    public static int Print(IReadOnlyList<int> threads)
    {
        Console.WriteLine("| threads | int8, GMAC/s | float, GMAC/s | read, GB/s |\n|---:|---:|---:|---:|");
        foreach (int count in threads)
        {
            using var team = new WorkerTeam(count);
            (double int8, double single, double read) = Probe(team);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count} | {int8:0.0} | {single:0.0} | {read:0.0} |"));
        }

        return 0;
    }
}
