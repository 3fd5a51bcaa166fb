using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Konko.Engine.Kernels;

namespace Konko.Bench.Machine;

/// <summary>Multiply-adds of bytes by the instruction that the kernels use here, with one load for eight of them.</summary>
internal sealed unsafe class Int8Probe : Probe, IDisposable
{
    private const int Loops = 1 << 20;
    private const int Bytes = 4096;

    private readonly AlignedBuffer<byte> _weights = new(Bytes);
    private long _kept;

    /// <summary>Multiply-adds of one vector instruction.</summary>
    public static int Lanes => Avx512BW.IsSupported ? 64 : Avx2.IsSupported ? 32 : Dp.IsSupported ? 16 : 0;

    /// <inheritdoc/>
    protected override double WorkOfThread => 8.0 * Loops * Lanes;

    /// <inheritdoc/>
    public override void Run(WorkerTeam team, int worker)
    {
        byte* weights = _weights.Pointer;
        long sum = Avx512BW.IsSupported ? Avx512(weights) : AvxVnni.IsSupported ? Vnni(weights) : Avx2.IsSupported ? Avx256(weights) : Dp.IsSupported ? Neon(weights) : 0;
        Volatile.Write(ref _kept, sum); // a result that nobody reads would not be computed
    }

    public void Dispose() => _weights.Dispose();

    // The weights come from the nearest cache, so that nothing can be moved out of the loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Avx512(byte* weights)
    {
        Vector512<sbyte> x0 = Vector512.Create((sbyte)1), x1 = Vector512.Create((sbyte)2), x2 = Vector512.Create((sbyte)3), x3 = Vector512.Create((sbyte)4);
        Vector512<short> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (int i = 0; i < Loops; i++)
        {
            Vector512<byte> w = Vector512.LoadAligned(weights + (i << 6 & (Bytes - 64)));
            Vector512<byte> v = w ^ Vector512<byte>.AllBitsSet;
            a0 += Avx512BW.MultiplyAddAdjacent(w, x0);
            a1 += Avx512BW.MultiplyAddAdjacent(w, x1);
            a2 += Avx512BW.MultiplyAddAdjacent(w, x2);
            a3 += Avx512BW.MultiplyAddAdjacent(w, x3);
            a4 += Avx512BW.MultiplyAddAdjacent(v, x0);
            a5 += Avx512BW.MultiplyAddAdjacent(v, x1);
            a6 += Avx512BW.MultiplyAddAdjacent(v, x2);
            a7 += Avx512BW.MultiplyAddAdjacent(v, x3);
        }

        return Vector512.Sum(a0 ^ a1 ^ a2 ^ a3 ^ a4 ^ a5 ^ a6 ^ a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Avx256(byte* weights)
    {
        Vector256<sbyte> x0 = Vector256.Create((sbyte)1), x1 = Vector256.Create((sbyte)2), x2 = Vector256.Create((sbyte)3), x3 = Vector256.Create((sbyte)4);
        Vector256<short> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (int i = 0; i < Loops; i++)
        {
            Vector256<byte> w = Vector256.LoadAligned(weights + (i << 5 & (Bytes - 32)));
            Vector256<byte> v = w ^ Vector256<byte>.AllBitsSet;
            a0 += Avx2.MultiplyAddAdjacent(w, x0);
            a1 += Avx2.MultiplyAddAdjacent(w, x1);
            a2 += Avx2.MultiplyAddAdjacent(w, x2);
            a3 += Avx2.MultiplyAddAdjacent(w, x3);
            a4 += Avx2.MultiplyAddAdjacent(v, x0);
            a5 += Avx2.MultiplyAddAdjacent(v, x1);
            a6 += Avx2.MultiplyAddAdjacent(v, x2);
            a7 += Avx2.MultiplyAddAdjacent(v, x3);
        }

        return Vector256.Sum(a0 ^ a1 ^ a2 ^ a3 ^ a4 ^ a5 ^ a6 ^ a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Vnni(byte* weights)
    {
        Vector256<sbyte> x0 = Vector256.Create((sbyte)1), x1 = Vector256.Create((sbyte)2), x2 = Vector256.Create((sbyte)3), x3 = Vector256.Create((sbyte)4);
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (int i = 0; i < Loops; i++)
        {
            Vector256<byte> w = Vector256.LoadAligned(weights + (i << 5 & (Bytes - 32)));
            Vector256<byte> v = w ^ Vector256<byte>.AllBitsSet;
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, w, x0);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, w, x1);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, w, x2);
            a3 = AvxVnni.MultiplyWideningAndAdd(a3, w, x3);
            a4 = AvxVnni.MultiplyWideningAndAdd(a4, v, x0);
            a5 = AvxVnni.MultiplyWideningAndAdd(a5, v, x1);
            a6 = AvxVnni.MultiplyWideningAndAdd(a6, v, x2);
            a7 = AvxVnni.MultiplyWideningAndAdd(a7, v, x3);
        }

        return Vector256.Sum(a0 ^ a1 ^ a2 ^ a3 ^ a4 ^ a5 ^ a6 ^ a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Neon(byte* weights)
    {
        Vector128<sbyte> x0 = Vector128.Create((sbyte)1), x1 = Vector128.Create((sbyte)2), x2 = Vector128.Create((sbyte)3), x3 = Vector128.Create((sbyte)4);
        Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (int i = 0; i < Loops; i++)
        {
            Vector128<sbyte> w = Vector128.LoadAligned((sbyte*)weights + (i << 4 & (Bytes - 16)));
            Vector128<sbyte> v = w ^ Vector128<sbyte>.AllBitsSet;
            a0 = Dp.DotProduct(a0, w, x0);
            a1 = Dp.DotProduct(a1, w, x1);
            a2 = Dp.DotProduct(a2, w, x2);
            a3 = Dp.DotProduct(a3, w, x3);
            a4 = Dp.DotProduct(a4, v, x0);
            a5 = Dp.DotProduct(a5, v, x1);
            a6 = Dp.DotProduct(a6, v, x2);
            a7 = Dp.DotProduct(a7, v, x3);
        }

        return Vector128.Sum(a0 ^ a1 ^ a2 ^ a3 ^ a4 ^ a5 ^ a6 ^ a7);
    }
}
