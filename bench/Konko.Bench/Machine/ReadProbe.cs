using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Kernels;

namespace Konko.Bench.Machine;

/// <summary>Reads memory that no cache holds, each thread its own stretch from start to end.</summary>
internal sealed unsafe class ReadProbe : Probe, IDisposable
{
    private const long BytesOfThread = 192L << 20;

    private readonly AlignedBuffer<byte> _memory;
    private ulong _kept;

    /// <summary>Takes the memory.</summary>
    /// <param name="threads">Most threads.</param>
    public ReadProbe(int threads)
    {
        _memory = new AlignedBuffer<byte>(threads * BytesOfThread);
        // Memory that nobody has written yet is one page of zeros, and a cache holds it.
        for (int thread = 0; thread < threads; thread++) new Span<byte>(_memory.Pointer + thread * BytesOfThread, (int)BytesOfThread).Fill(1);
    }

    /// <inheritdoc/>
    protected override double WorkOfThread => BytesOfThread;

    /// <inheritdoc/>
    public override void Run(WorkerTeam team, int worker) => Volatile.Write(ref _kept, Read(_memory.Pointer + worker * BytesOfThread));

    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Read(byte* from)
    {
        Vector512<ulong> a0 = default, a1 = default, a2 = default, a3 = default;
        for (byte* end = from + BytesOfThread; from < end; from += 256)
        {
            a0 ^= Vector512.LoadAligned((ulong*)from);
            a1 ^= Vector512.LoadAligned((ulong*)(from + 64));
            a2 ^= Vector512.LoadAligned((ulong*)(from + 128));
            a3 ^= Vector512.LoadAligned((ulong*)(from + 192));
        }

        return Vector512.Sum(a0 ^ a1 ^ a2 ^ a3);
    }
}
