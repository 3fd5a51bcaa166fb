using System.ComponentModel;
using BenchmarkDotNet.Attributes;
using Konko.Bench.Machine;
using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Bench.Kernels;

/// <summary>The matrix product of a step, as BenchmarkDotNet runs it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public class KernelBenchmarks : IDisposable
{
    private WorkerTeam? _team;
    private MatMulTask? _task;

    /// <summary>The matrix.</summary>
    [ParamsSource(nameof(Shapes))]
    public MatrixShape Shape { get; set; } = null!;

    /// <summary>How its weights are quantised.</summary>
    [ParamsSource(nameof(Types))]
    public GgmlType Type { get; set; }

    /// <summary>Tokens of the step.</summary>
    [ParamsSource(nameof(TokenCounts))]
    public int Tokens { get; set; }

    /// <summary>Threads of the step.</summary>
    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    public static IEnumerable<MatrixShape> Shapes => KernelChoice.Current.Shapes;

    public static IEnumerable<GgmlType> Types => KernelChoice.Current.Types;

    public static IEnumerable<int> TokenCounts => KernelChoice.Current.Tokens;

    public static IEnumerable<int> ThreadCounts => KernelChoice.Current.Threads;

    private KernelCase Case => new(Shape, Type, Tokens, Threads);

    [GlobalSetup]
    public void SetUp()
    {
        _team = new WorkerTeam(Threads);
        _task = new MatMulTask(Type, Shape, Tokens);
        KernelFigures.Begin(Case, _task.Bytes, _task.IsQuantised, Ceilings.Probe(_team));
    }

    [GlobalCleanup]
    public void TakeDown()
    {
        KernelFigures.End(Case, Ceilings.Probe(_team!));
        Dispose();
    }

    [Benchmark]
    public void MatMul()
    {
        _task!.Turn();
        _team!.Run(_task);
    }

    public void Dispose()
    {
        _task?.Dispose();
        _team?.Dispose();
        GC.SuppressFinalize(this);
    }
}
