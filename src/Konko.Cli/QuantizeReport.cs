using System.Globalization;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quantization;

namespace Konko.Cli;

/// <summary>What <c>konko quantize</c> says: a bar on a terminal, a line for each tenth elsewhere, and what came of it.</summary>
internal sealed class QuantizeReport : IProgress<QuantizationProgress>
{
    private const int BarWidth = 30;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly TimeProvider _time;
    private readonly bool _terminal;
    private readonly long _started;
    private long _drawn;
    private int _tenths;

    /// <summary>A report that starts its clock.</summary>
    /// <param name="output">Where the report goes.</param>
    /// <param name="error">Where warnings go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="terminal">Whether the output is a terminal; null asks the console.</param>
    public QuantizeReport(TextWriter output, TextWriter error, TimeProvider time, bool? terminal = null)
    {
        _output = output;
        _error = error;
        _time = time;
        _terminal = terminal ?? !Console.IsOutputRedirected;
        _started = _drawn = time.GetTimestamp();
    }

    /// <summary>Says what is there, and where a type had to give way.</summary>
    public void Start(QuantizationPlan plan)
    {
        _output.WriteLine($"{Path.GetFileName(plan.File.Path)}: {plan.File.Metadata.Architecture}, {Millions(plan.Weights)} million weights, {Size(plan.File.FileBytes)}, {Bits(plan.BytesBefore, plan.Weights)} bits per weight");
        foreach (var group in plan.Tensors.Where(tensor => tensor.Type != tensor.Wanted).GroupBy(tensor => (tensor.Source.Columns, tensor.Wanted, tensor.Type)))
        {
            (long columns, GgmlType wanted, GgmlType type) = group.Key;
            string matrices = group.Count() == 1 ? "1 matrix becomes" : Text($"{group.Count()} matrices become");
            _error.WriteLine(Text($"konko: rows of {columns} are no whole blocks of {GgmlTypeInfo.Of(wanted).BlockElements}: {matrices} {type} instead of {wanted}."));
        }
    }

    /// <inheritdoc/>
    public void Report(QuantizationProgress value)
    {
        double part = (double)value.Done / value.Total;
        if (_terminal)
        {
            Draw(part, value.Tensor);
            return;
        }

        int tenths = (int)(part * 10);
        if (tenths == _tenths) return;
        _tenths = tenths;
        _output.WriteLine(Text($"  {10 * tenths} %"));
    }

    /// <summary>Says what came of it.</summary>
    public void End(QuantizationPlan plan, string path, long bytes)
    {
        IEnumerable<string> types = plan.Tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.Source.Elements))
            .Select(group => Text($"{group.Count()} {group.Key}"));
        if (_terminal) _output.Write("\r\e[K");
        _output.WriteLine(Text($"{Path.GetFileName(path)}: {Size(bytes)}, {Bits(plan.BytesAfter, plan.Weights)} bits per weight, {(double)bytes / plan.File.FileBytes:0.00} of the size before, after {_time.GetElapsedTime(_started).TotalSeconds:0.0} s"));
        _output.WriteLine($"tensors: {string.Join(", ", types)}");
    }

    private void Draw(double part, string tensor)
    {
        if (_time.GetElapsedTime(_drawn) < s_redraw) return;
        _drawn = _time.GetTimestamp();
        int full = (int)(part * BarWidth);
        double left = _time.GetElapsedTime(_started).TotalSeconds * (1 - part) / part;
        _output.Write(Text($"\r\e[K[{new string('#', full)}{new string('.', BarWidth - full)}] {100 * part:0} %, {left:0} s left, {tensor}"));
        _output.Flush();
    }

    private static string Millions(long weights) => Text($"{weights / 1e6:N1}");

    private static string Size(long bytes) => Text($"{bytes / 1048576.0:N1} MiB");

    private static string Bits(long bytes, long weights) => Text($"{8.0 * bytes / weights:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
