using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Konko.Engine.Numerics;

namespace Konko.Engine.Tests.Numerics;

public sealed class VectorMathTests
{
    private static readonly (string Name, Func<Vector512<float>, Vector512<float>> Vector, Func<float, float> Scalar)[] Functions =
    [
        ("Exp", VectorMath.Exp, ScalarMath.Exp),
        ("Log", VectorMath.Log, ScalarMath.Log),
        ("Tanh", VectorMath.Tanh, ScalarMath.Tanh),
        ("Erf", VectorMath.Erf, ScalarMath.Erf),
        ("Sigmoid", VectorMath.Sigmoid, ScalarMath.Sigmoid),
        ("Silu", VectorMath.Silu, ScalarMath.Silu),
        ("Gelu", VectorMath.Gelu, ScalarMath.Gelu),
        ("GeluErf", VectorMath.GeluErf, ScalarMath.GeluErf),
    ];

    [Fact]
    public void Lane_EveryFunction_EqualsTheScalarBitForBit()
    {
        float[] samples = FloatSamples.All(50_021);
        foreach ((string name, Func<Vector512<float>, Vector512<float>> vector, Func<float, float> scalar) in Functions)
        {
            for (int i = 0; i < samples.Length; i += 16)
            {
                Vector512<float> result = vector(Vector512.Create(samples.AsSpan(i, 16)));
                for (int lane = 0; lane < 16; lane++)
                {
                    float x = samples[i + lane];
                    int expected = Bits(scalar(x));
                    Assert.True(expected == Bits(result[lane]), $"{name}({x:G9}) in lane {lane}: {result[lane]:G9} and {scalar(x):G9}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Digest_InstructionSetOff_IsTheSame(string name) => Assert.Equal(Digest(), ChildProcess.RunWithout(Digest, name));

    /// <summary>A hash of what every function, reduction and conversion of the room gives for the samples.</summary>
    public static string Digest()
    {
        float[] samples = FloatSamples.All(200_003);
        var bytes = new List<byte>();
        foreach ((_, Func<Vector512<float>, Vector512<float>> vector, Func<float, float> scalar) in Functions)
        {
            for (int i = 0; i < samples.Length; i += 16)
            {
                Vector512<float> result = vector(Vector512.Create(samples.AsSpan(i, 16)));
                for (int lane = 0; lane < 16; lane++) bytes.AddRange(BitConverter.GetBytes(Bits(result[lane])));
                bytes.AddRange(BitConverter.GetBytes(Bits(scalar(samples[i]))));
            }
        }

        foreach (float sample in samples)
        {
            double x = sample;
            double angle = x % 1e7;
            foreach (double y in (double[])[ScalarMath.Exp(x), ScalarMath.Log(x), ScalarMath.Pow(Math.Abs(x), 0.37), ScalarMath.Sin(angle), ScalarMath.Cos(angle)])
                bytes.AddRange(BitConverter.GetBytes(double.IsNaN(y) ? double.NaN : y));
            bytes.AddRange(BitConverter.GetBytes(FloatFormats.NarrowBf16(sample)));
        }

        float[] finite = [.. samples.Where(x => Math.Abs(x) < 1e15f)];
        for (int length = 0; length < 200; length++)
        {
            ReadOnlySpan<float> some = finite.AsSpan(finite.Length - 37 * length % 5000 - length, length);
            foreach (float y in (float[])[Reduce.Sum(some), Reduce.SumOfSquares(some), Reduce.Max(some)]) bytes.AddRange(BitConverter.GetBytes(Bits(y)));
        }

        return Convert.ToHexString(SHA256.HashData(bytes.ToArray()));
    }

    /// <summary>The bits, with one pattern for all NaNs: which NaN an operation gives is the machine's choice.</summary>
    private static int Bits(float value) => BitConverter.SingleToInt32Bits(float.IsNaN(value) ? float.NaN : value);
}
