using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Konko.Bench.Kernels;

/// <summary>A speed made of a benchmark's median time.</summary>
/// <param name="name">The heading.</param>
/// <param name="legend">What it is.</param>
/// <param name="order">Its place among the others.</param>
/// <param name="value">The figure, of the case, what is known of it, and its median in nanoseconds.</param>
internal sealed class RateColumn(string name, string legend, int order, Func<KernelCase, KernelFigures, double, string> value) : IColumn
{
    /// <summary>The columns beside the times.</summary>
    public static IColumn[] All { get; } =
    [
        new RateColumn("GMAC/s", "10⁹ multiply-adds a second", 0, (which, _, time) => Number(Products(which) / time)),
        new RateColumn("of ceiling", "share of the multiply-adds that the machine could do just then, by the same instruction", 1,
            (which, known, time) => Share(Products(which) / time, known.IsQuantised ? known.Ceilings.Int8 : known.Ceilings.Float)),
        new RateColumn("GB/s", "10⁹ bytes of weights a second", 2, (_, known, time) => Number(known.Bytes / time)),
        new RateColumn("of memory", "share of what could be read from memory just then", 3, (_, known, time) => Share(known.Bytes / time, known.Ceilings.Read)),
    ];

    public string Id => nameof(RateColumn) + name;

    public string ColumnName => name;

    public string Legend => legend;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => order;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        KernelCase which = KernelCase.Of(benchmarkCase);
        return KernelFigures.Of(which) is { } known && summary[benchmarkCase]?.ResultStatistics is { } statistics ? value(which, known, statistics.Median) : "?";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    private static double Products(KernelCase which) => (double)which.Shape.Rows * which.Shape.Columns * which.Tokens;

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Share(double value, double ceiling) => ceiling == 0 ? "–" : (value / ceiling).ToString("0 %", CultureInfo.InvariantCulture);
}
