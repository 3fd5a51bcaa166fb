using System.Globalization;
using Konko.Cli.Hub;

namespace Konko.Cli.Models;

/// <summary>How far a pull is: one line that is written over and over on a terminal, a line for each tenth elsewhere.</summary>
/// <param name="error">Where it is shown.</param>
/// <param name="isTerminal">Whether that is a terminal whose cursor can be moved.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class PullProgress(TextWriter error, bool isTerminal, Func<int> width, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_leastMeasured = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(long At, long Bytes)> _samples = [];
    private ITimer? _redraw;
    private string _name = "";
    private long _total;
    private long _done;
    private long _drawn;
    private int _tenths;
    private bool _isChecking;
    private bool _isShown;

    /// <summary>A file begins.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="done">Bytes that are here.</param>
    /// <param name="total">Bytes that it has.</param>
    public void Start(string name, long done, long total)
    {
        lock (_lock)
        {
            (_name, _done, _total, _tenths, _isChecking) = (Plain(name), done, total, -1, false);
            Measure();
            if (!isTerminal && done > 0) error.WriteLine(Text($"{_name}: {ByteText.Of(done, total)} are here."));
            Draw(always: true);
        }
    }

    /// <summary>So many bytes of what is here were looked at.</summary>
    public void Check(long bytes)
    {
        lock (_lock)
        {
            (_done, _isChecking) = (bytes, true);
            Draw();
        }
    }

    /// <summary>All that is here was looked at.</summary>
    public void Checked()
    {
        lock (_lock)
        {
            _isChecking = false;
            Measure();
        }
    }

    /// <summary>So many bytes are here now.</summary>
    public void Report(long bytes)
    {
        lock (_lock)
        {
            _done = bytes;
            Draw();
        }
    }

    /// <summary>The file has ended.</summary>
    public void End()
    {
        if (!isTerminal)
        {
            lock (_lock) Draw(always: true);
        }

        Clear();
    }

    /// <summary>Takes the line away, so that something else can be written.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _redraw?.Dispose();
            _redraw = null;
            if (_isShown) error.Write("\r\e[K");
            _isShown = false;
            error.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>The line in so many columns: what matters least goes first where there are few.</summary>
    internal static string Line(string name, long done, long total, double? speed, bool isChecking, int columns)
    {
        string percent = Text($"{(total == 0 ? 100 : 100.0 * done / total):0} %").PadLeft(5);
        string doing = isChecking ? "checking" : speed is double known ? $"{ByteText.Size((long)known)}/s" : "";
        string left = !isChecking && speed is > 0 ? Left((total - done) / speed.Value) : "";
        string line = percent;
        foreach (string piece in (string[])[left, doing, ByteText.Of(done, total)])
        {
            // Together they read: how far, how much, how fast, how long.
            string longer = piece.Length == 0 ? line : $"{percent}  {piece}{line[percent.Length..]}";
            if (longer.Length > columns) break;
            line = longer;
        }

        int room = columns - line.Length;
        const int LeastName = 8, LeastBar = 10, MostBar = 30;
        string shown = room > LeastName ? Short(name, Math.Max(LeastName, Math.Min(name.Length, room - 1 - LeastBar - 3))) : "";
        if (shown.Length > 0 && shown.Length < room) line = $"{shown} {line}";
        room = columns - line.Length - 3;
        if (room < LeastBar) return line.Length <= columns ? line : percent.Trim();
        int bar = Math.Min(room, MostBar), full = total == 0 ? bar : (int)(bar * (double)done / total);
        return $"{shown} [{new string('#', full)}{new string('.', bar - full)}]{line[shown.Length..]}";
    }

    private void Redraw()
    {
        lock (_lock)
        {
            // After a wait between two tries nothing is shown until something comes.
            if (_redraw is not null && _isShown) Draw();
        }
    }

    private void Draw(bool always = false)
    {
        if (!isTerminal)
        {
            int tenths = _total == 0 ? 10 : (int)(10.0 * _done / _total);
            if (_isChecking || tenths <= _tenths) return;
            if (_tenths >= 0 || tenths > 0) error.WriteLine(Text($"{_name}: {10 * tenths} % of {ByteText.Size(_total)}{Suffix()}"));
            _tenths = tenths;
            return;
        }

        if (!always && _isShown && time.GetElapsedTime(_drawn) < s_redraw) return;
        _drawn = time.GetTimestamp();
        // One column stays free: a full line would break into two on some terminals.
        error.Write($"\r\e[K{Line(_name, _done, _total, Speed(), _isChecking, Math.Max(4, width() - 1))}");
        error.Flush();
        _isShown = true;
        // A connection that stalls is to be seen too, and what came last before it did.
        _redraw ??= time.CreateTimer(_ => Redraw(), null, s_tick, s_tick);
    }

    // From here on it is measured how fast bytes come.
    private void Measure()
    {
        _samples.Clear();
        _samples.Enqueue((time.GetTimestamp(), _done));
    }

    private string Suffix() => Speed() is double speed && speed > 0 ? $", {ByteText.Size((long)speed)}/s, {Left((_total - _done) / speed)}" : "";

    // Bytes a second of the last few seconds; null until there is something to measure.
    private double? Speed()
    {
        if (_isChecking) return null;
        long now = time.GetTimestamp();
        _samples.Enqueue((now, _done));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().At, now) > s_window) _samples.Dequeue();
        (long at, long bytes) = _samples.Peek();
        TimeSpan measured = time.GetElapsedTime(at, now);
        return measured >= s_leastMeasured && _done >= bytes ? (_done - bytes) / measured.TotalSeconds : null;
    }

    private static string Left(double seconds) =>
        seconds >= 360_000 ? "long left"
        : seconds >= 3600 ? Text($"{(int)(seconds / 3600)}:{(int)(seconds / 60) % 60:00}:{(int)seconds % 60:00} left")
        : Text($"{(int)(seconds / 60)}:{(int)seconds % 60:00} left");

    // A column for each character: the line must fit.
    private static string Plain(string name) => string.Concat(name.Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private static string Short(string name, int columns) => name.Length <= columns ? name : columns <= 1 ? "" : name[..(columns - 1)] + "…";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
