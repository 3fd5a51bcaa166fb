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
    // So many bytes of activations stay in a core's second cache while panel after panel comes by.
    private const int BlockedBytes = 192 << 10;

    /// <summary>One panel of 16 rows times some tokens of a tile.</summary>
    /// <param name="quants">The panel's quants.</param>
    /// <param name="scales">The panel's scales, expanded.</param>
    /// <param name="columns">Inputs, a multiple of 32.</param>
    /// <param name="x">The tile's int8 activations from the first token on.</param>
    /// <param name="records">The tile's records from the first token on.</param>
    /// <param name="tokens">1 … 8.</param>
    /// <param name="y">The first token's 16 outputs.</param>
    /// <param name="stride">Floats from one token's outputs to the next.</param>
    /// <param name="accumulate">Whether to add to the outputs.</param>
    public delegate void PanelKernel(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate);

    /// <summary>Multiplies some panels with all tokens of a step.</summary>
    /// <param name="product">The matrix and where its outputs go.</param>
    /// <param name="activations">The inputs, in the form that the matrix's format takes.</param>
    /// <param name="firstToken">First token; a tile's first.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panels">Number of panels.</param>
    /// <param name="scratch">The thread's own memory for <see cref="PanelScales.MostExpandedWords"/> floats, 64-byte aligned.</param>
    public static void Run(in Product product, Activations activations, int firstToken, int tokens, int firstPanel, int panels, float* scratch)
    {
        PackedMatrix weights = product.Weights;
        if (!weights.Format.IsQuantised())
        {
            var range = new Range(product, activations, firstToken, firstToken + tokens, firstPanel, firstPanel + panels, scratch);
            if (weights.Format == PanelFormat.F32) Floats<Float32Weights>(range);
            else if (weights.Format == PanelFormat.F16) Floats<HalfWeights>(range);
            else Floats<BFloat16Weights>(range);
            return;
        }

        int tileBytes = weights.Columns / PanelFormats.Block * (Activations.TileTokens * PanelFormats.Block + Activations.RecordWords * sizeof(float));
        int together = Math.Max(1, BlockedBytes / tileBytes) * Activations.TileTokens;
        for (int token = firstToken; token < firstToken + tokens; token += together)
        {
            int end = Math.Min(token + together, firstToken + tokens);
            PanelFormats.Visit<Quantised, int>(weights.Format, new Quantised(new Range(product, activations, token, end, firstPanel, firstPanel + panels, scratch)));
        }
    }

    private static void Floats<TWeights>(in Range range)
        where TWeights : struct, IFloatWeights
    {
        for (int panel = range.FirstPanel; panel < range.EndPanel; panel++)
        {
            for (int token = range.FirstToken; token < range.EndToken;)
            {
                int tile = TileAt(token, range.EndToken);
                if (tile == 8) range.Floats<Tile8, TWeights>(panel, token);
                else if (tile == 4) range.Floats<Tile4, TWeights>(panel, token);
                else if (tile == 2) range.Floats<Tile2, TWeights>(panel, token);
                else range.Floats<Tile1, TWeights>(panel, token);
                token += tile;
            }
        }
    }

    /// <summary>Tokens of the next tile: 8, 4, 2 or 1 that lie in one tile of the activations.</summary>
    private static int TileAt(int token, int end)
    {
        int left = Math.Min(end - token, Activations.TileTokens - token % Activations.TileTokens);
        return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    }

    /// <summary>Some panels times some tokens.</summary>
    private readonly struct Range(in Product product, Activations activations, int firstToken, int endToken, int firstPanel, int endPanel, float* scratch)
    {
        private readonly Product _product = product;

        public int FirstToken => firstToken;

        public int EndToken => endToken;

        public int FirstPanel => firstPanel;

        public int EndPanel => endPanel;

        public void Floats<TTile, TWeights>(int panel, int token)
            where TTile : struct, ITile
            where TWeights : struct, IFloatWeights
            => MatMulFloat.Run<TTile, TWeights>(
                _product.Weights.Quants(panel), _product.Weights.Columns, activations.Values(token), activations.Stride, Output(panel, token), _product.Stride, _product.Accumulate);

        public void Panels<TFormat>()
            where TFormat : struct, IPanelFormat
        {
            PackedMatrix weights = _product.Weights;
            int columns = weights.Columns;
            int tokens = endToken - firstToken;
            bool expanded = !Avx512BW.IsSupported && (Avx2.IsSupported || Dp.IsSupported);
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                byte* quants = weights.Quants(panel), scales = weights.Scales(panel);
                if (expanded) PanelScales.Expand<TFormat>(scales, columns, scratch);
                for (int token = firstToken, count; token < endToken; token += count)
                {
                    int slot = token % Activations.TileTokens;
                    int ofTile = count = Math.Min(endToken - token, Activations.TileTokens - slot);
                    if (Avx512BW.IsSupported) count = Math.Min(endToken - token, MatMulAvx512.MostTokens - slot);
                    sbyte* x = activations.Quants(token / Activations.TileTokens, columns) + slot * PanelFormats.Block;
                    float* records = activations.Records(token / Activations.TileTokens, columns) + slot, y = Output(panel, token);
                    if (tokens == 1 && Avx512BW.IsSupported) MatMulAvx512.RunSingle<TFormat>(quants, scales, columns, x, records, y, _product.Accumulate);
                    else if (Avx512BW.IsSupported) MatMulAvx512.Run<TFormat>(quants, scales, columns, x, records, ofTile, count, y, _product.Stride, _product.Accumulate);
                    else if (Avx2.IsSupported) MatMulAvx2.Run<TFormat>(quants, scratch, columns, x, records, count, y, _product.Stride, _product.Accumulate);
                    else if (Dp.IsSupported) MatMulNeon.Run<TFormat>(quants, scratch, columns, x, records, count, y, _product.Stride, _product.Accumulate);
                    else MatMulScalar.Run<TFormat>(quants, scales, columns, x, records, count, y, _product.Stride, _product.Accumulate);
                }
            }
        }

        private float* Output(int panel, int token) => (float*)_product.Output + (nint)token * _product.Stride + panel * PanelFormats.Rows;
    }

    private readonly struct Quantised(Range range) : IPanelVisitor<int>
    {
        public int Run<TFormat>()
            where TFormat : struct, IPanelFormat
        {
            range.Panels<TFormat>();
            return 0;
        }
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
