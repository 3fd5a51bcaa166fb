using BenchmarkDotNet.Running;
using Konko.Engine.Gguf;

namespace Konko.Bench.Kernels;

/// <summary>One combination of the benchmark's parameters.</summary>
internal sealed record KernelCase(MatrixShape Shape, GgmlType Type, int Tokens, int Threads)
{
    /// <summary>That of a benchmark case.</summary>
    public static KernelCase Of(BenchmarkCase benchmark) => new(
        (MatrixShape)benchmark.Parameters[nameof(Shape)], (GgmlType)benchmark.Parameters[nameof(Type)], (int)benchmark.Parameters[nameof(Tokens)], (int)benchmark.Parameters[nameof(Threads)]);
}
