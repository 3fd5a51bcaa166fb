using Konko.Engine.Kernels;
using Konko.Engine.Numerics;

namespace Konko.Engine.Models;

/// <summary>Cosines and sines of rotary positions, made when a position is first needed.</summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private const int BlockPositions = 256;

    private readonly double[] _frequencies;
    private readonly List<AlignedBuffer<float>> _blocks = [];

    /// <summary>A table of the given frequencies.</summary>
    /// <param name="frequencies">Radians a position, one for each pair of elements.</param>
    public RopeTable(double[] frequencies) => _frequencies = frequencies;

    /// <summary>Number of pairs.</summary>
    public int Half => _frequencies.Length;

    /// <summary>base^(−2i/dims), divided by the scaling factor and the pair's own factor.</summary>
    /// <param name="dims">Rotated elements of a head.</param>
    /// <param name="base">The base.</param>
    /// <param name="scale">Linear scaling: positions are divided by it; 1 is none.</param>
    /// <param name="factors">Divisors of single frequencies, or null.</param>
    public static double[] Frequencies(int dims, double @base, double scale, float[]? factors)
    {
        var frequencies = new double[dims / 2];
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] = ScalarMath.Pow(@base, -2.0 * i / dims) / scale / (factors?[i] ?? 1.0);
        return frequencies;
    }

    /// <summary>Makes the table reach a position; called by one thread before a step.</summary>
    /// <param name="position">The last position of the step.</param>
    public void Ensure(int position)
    {
        while (_blocks.Count * BlockPositions <= position)
        {
            var block = new AlignedBuffer<float>((long)BlockPositions * 2 * Half);
            for (int i = 0; i < BlockPositions; i++)
            {
                double at = _blocks.Count * BlockPositions + i;
                float* row = block.Pointer + (long)i * 2 * Half;
                for (int pair = 0; pair < Half; pair++)
                {
                    row[pair] = (float)ScalarMath.Cos(at * _frequencies[pair]);
                    row[Half + pair] = (float)ScalarMath.Sin(at * _frequencies[pair]);
                }
            }

            _blocks.Add(block);
        }
    }

    /// <summary>The cosines of a position; the sines follow.</summary>
    public float* Row(int position) => _blocks[position / BlockPositions].Pointer + (long)(position % BlockPositions) * 2 * Half;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> block in _blocks) block.Dispose();
        _blocks.Clear();
    }
}
