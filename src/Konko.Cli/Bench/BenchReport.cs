using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json;

namespace Konko.Cli.Bench;

/// <summary>Rows as a Markdown table that reads well as it stands, or as JSON.</summary>
internal static class BenchReport
{
    private static readonly string[] Headings = ["model", "size", "params", "threads", "test", "tokens/s", "least … most"];

    /// <summary>The instruction sets that the kernels find here.</summary>
    public static string Instructions =>
        Avx512BW.IsSupported ? AvxVnni.IsSupported ? "AVX-512, AVX-VNNI" : "AVX-512"
        : Avx2.IsSupported ? AvxVnni.IsSupported ? "AVX2, AVX-VNNI" : "AVX2"
        : Dp.IsSupported ? "NEON, dot product"
        : Vector128.IsHardwareAccelerated ? "128-bit vectors" : "no vectors";

    /// <summary>The table: medians, and the least and the most of the measurements.</summary>
    public static string Table(IReadOnlyList<BenchRow> rows)
    {
        string[][] cells = [Headings, .. rows.Select(Cells)];
        int[] widths = [.. Headings.Select((_, column) => cells.Max(line => line[column].Length))];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Instructions}\n\n");
        Append(cells[0]);
        text.Append('|').AppendJoin('|', widths.Select((width, column) => IsNumber(column) ? new string('-', width + 1) + ':' : new string('-', width + 2))).Append("|\n");
        foreach (string[] line in cells.Skip(1)) Append(line);
        return text.ToString().TrimEnd('\n');

        void Append(string[] line) =>
            text.Append("| ").AppendJoin(" | ", line.Select((cell, column) => IsNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).Append(" |\n");
    }

    /// <summary>Every measurement.</summary>
    public static string Json(IReadOnlyList<BenchRow> rows) =>
        JsonSerializer.Serialize(new BenchDocument(RuntimeInformation.FrameworkDescription, Instructions, rows), BenchJson.Default.BenchDocument);

    private static bool IsNumber(int column) => column is not (0 or 4);

    private static string[] Cells(BenchRow row) =>
    [
        row.Model,
        string.Create(CultureInfo.InvariantCulture, $"{row.Bytes / (1024.0 * 1024.0):0.0} MiB"),
        string.Create(CultureInfo.InvariantCulture, $"{row.Parameters / 1e6:0.0} M"),
        row.Threads.ToString(CultureInfo.InvariantCulture),
        row.Name,
        Speed(row.Median),
        $"{Speed(row.TokensPerSecond.Min())} … {Speed(row.TokensPerSecond.Max())}",
    ];

    private static string Speed(double tokensPerSecond) => tokensPerSecond.ToString(tokensPerSecond < 100 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
