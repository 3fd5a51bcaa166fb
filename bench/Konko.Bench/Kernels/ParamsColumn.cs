using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Konko.Bench.Kernels;

/// <summary>A parameter of the benchmark, written whole.</summary>
/// <param name="name">The parameter.</param>
internal sealed class ParamsColumn(string name) : IColumn
{
    public string Id => nameof(ParamsColumn) + name;

    public string ColumnName => name;

    public string Legend => $"value of the parameter {name}";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Params;

    public int PriorityInCategory => 0;

    public bool IsNumeric => false;

    public UnitType UnitType => UnitType.Dimensionless;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => benchmarkCase.Parameters[name]?.ToString() ?? "";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
