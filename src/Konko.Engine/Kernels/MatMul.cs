using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>A matrix product of a step: outputs of every token, or added to what stands there.</summary>
/// <param name="Weights">The matrix.</param>
/// <param name="Output">[token][row] floats; rows are written in whole panels of 16.</param>
/// <param name="Stride">Floats from one token's outputs to the next; a multiple of 16 that holds the padded rows.</param>
/// <param name="Accumulate">Whether the product is added to the output (a residual) in one rounding.</param>
internal readonly unsafe record struct Product(PackedMatrix Weights, nint Output, int Stride, bool Accumulate);

/// <summary>Matrix products over panels: picks the kernel of the machine and cuts the tokens into tiles.</summary>
internal static unsafe class MatMul
{
    /// <summary>One panel of 16 rows times one tile of tokens.</summary>
    /// <param name="quants">The panel's quants.</param>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="columns">Inputs, a multiple of 32.</param>
    /// <param name="x">The tile's int8 activations from the first token on.</param>
    /// <param name="records">The tile's records from the first token on.</param>
    /// <param name="y">The first token's 16 outputs.</param>
    /// <param name="stride">Floats from one token's outputs to the next.</param>
    /// <param name="accumulate">Whether to add to the outputs.</param>
    public delegate void PanelKernel(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate);

    /// <summary>Multiplies some panels with all tokens of a step.</summary>
    /// <param name="product">The matrix and where its outputs go.</param>
    /// <param name="activations">The inputs, in the form that the matrix's format takes.</param>
    /// <param name="firstToken">First token; a tile's first.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panels">Number of panels.</param>
    public static void Run(in Product product, Activations activations, int firstToken, int tokens, int firstPanel, int panels)
    {
        for (int panel = firstPanel; panel < firstPanel + panels; panel++)
        {
            for (int token = firstToken; token < firstToken + tokens;)
            {
                int left = Math.Min(firstToken + tokens - token, Activations.TileTokens - token % Activations.TileTokens);
                int tile = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
                switch (tile)
                {
                    case 8: Tile<Tile8>(product, activations, token, panel); break;
                    case 4: Tile<Tile4>(product, activations, token, panel); break;
                    case 2: Tile<Tile2>(product, activations, token, panel); break;
                    default: Tile<Tile1>(product, activations, token, panel); break;
                }

                token += tile;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TTile>(in Product product, Activations activations, int token, int panel)
        where TTile : struct, ITile
    {
        PackedMatrix weights = product.Weights;
        int columns = weights.Columns;
        float* y = (float*)product.Output + (nint)token * product.Stride + panel * PanelFormats.Rows;
        byte* quants = weights.Quants(panel), scales = weights.Scales(panel);
        if (!weights.Format.IsQuantised())
        {
            float* values = activations.Values(token);
            switch (weights.Format)
            {
                case PanelFormat.F32: MatMulFloat.Run<TTile, Float32Weights>(quants, columns, values, activations.Stride, y, product.Stride, product.Accumulate); break;
                case PanelFormat.F16: MatMulFloat.Run<TTile, HalfWeights>(quants, columns, values, activations.Stride, y, product.Stride, product.Accumulate); break;
                default: MatMulFloat.Run<TTile, BFloat16Weights>(quants, columns, values, activations.Stride, y, product.Stride, product.Accumulate); break;
            }

            return;
        }

        int slot = token % Activations.TileTokens;
        sbyte* x = activations.Quants(token / Activations.TileTokens, columns) + slot * 32;
        float* records = activations.Records(token / Activations.TileTokens, columns) + slot;
        switch (weights.Format)
        {
            case PanelFormat.Q4Zero: Q4Panel<TTile, Q4Zero>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            case PanelFormat.Q4Min: Q4Panel<TTile, Q4Min>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            case PanelFormat.Q4Super: Q4Panel<TTile, Q4Super>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            case PanelFormat.Q8: Q8Panel<TTile, Q8>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            case PanelFormat.Q8Min: Q8Panel<TTile, Q8Min>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            case PanelFormat.Q8Exponent: Q8Panel<TTile, Q8Exponent>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            case PanelFormat.Q8Super: Q8Panel<TTile, Q8Super>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
            default: Q8Panel<TTile, Q8SuperMin>(quants, scales, columns, x, records, y, product.Stride, product.Accumulate); break;
        }
    }

    private static void Q4Panel<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        if (Avx512BW.IsSupported) MatMulQ4Avx512.Run<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        else if (Avx2.IsSupported) MatMulQ4Avx2.Run<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        else if (Dp.IsSupported) MatMulNeon.Q4<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        else MatMulScalar.Q4<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
    }

    private static void Q8Panel<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        if (Avx512BW.IsSupported && !AvxVnni.IsSupported) MatMulQ8Avx512.Run<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        else if (Avx2.IsSupported) MatMulQ8Avx2.Run<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        else if (Dp.IsSupported) MatMulNeon.Q8<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        else MatMulScalar.Q8<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
    }

    /// <summary>Writes or adds sixteen sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> sum, float* y, bool accumulate)
    {
        if (accumulate) sum = Vector512.Load(y) + sum;
        sum.Store(y);
    }

    /// <summary>Writes or adds eight sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> sum, float* y, bool accumulate)
    {
        if (accumulate) sum = Vector256.Load(y) + sum;
        sum.Store(y);
    }

    /// <summary>Writes or adds four sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> sum, float* y, bool accumulate)
    {
        if (accumulate) sum = Vector128.Load(y) + sum;
        sum.Store(y);
    }
}
