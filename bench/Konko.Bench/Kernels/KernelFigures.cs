using Konko.Bench.Machine;

namespace Konko.Bench.Kernels;

/// <summary>What is known of a case beside its time: bytes, and the machine's ceilings before and after it.</summary>
/// <param name="Bytes">Bytes of the matrix.</param>
/// <param name="IsQuantised">Whether the int8 ceiling is the one that counts.</param>
/// <param name="Ceilings">The higher ones of before and after.</param>
internal sealed record KernelFigures(long Bytes, bool IsQuantised, Ceilings Ceilings)
{
    private static readonly Dictionary<KernelCase, KernelFigures> s_all = [];

    public static KernelFigures? Of(KernelCase which) => s_all.GetValueOrDefault(which);

    public static void Begin(KernelCase which, long bytes, bool isQuantised, Ceilings ceilings) => s_all[which] = new KernelFigures(bytes, isQuantised, ceilings);

    public static void End(KernelCase which, Ceilings ceilings) => s_all[which] = s_all[which] with { Ceilings = Ceilings.Max(s_all[which].Ceilings, ceilings) };
}
