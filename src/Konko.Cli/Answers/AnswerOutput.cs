using Konko.Cli.Terminal;

namespace Konko.Cli.Answers;

/// <summary>Writes one answer: the text or its JSON to standard output, statistics to standard error.</summary>
internal static class AnswerOutput
{
    /// <summary>Writes an answer while it comes.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="pieces">The answer.</param>
    /// <param name="json">Whether events are written, one a line, instead of the text.</param>
    /// <param name="time">The clock.</param>
    public static async Task StreamAsync(CliConsole console, IAsyncEnumerable<AnswerPiece> pieces, bool json, TimeProvider time)
    {
        var statistics = new AnswerStatistics(time);
        if (json)
        {
            await foreach (AnswerPiece piece in pieces)
            {
                statistics.Add(piece);
                console.WriteLine(piece.Json());
                console.Deliver();
            }
        }
        else
        {
            await ShowAsync(console, pieces, statistics);
        }

        console.Note(statistics.ToString());
    }

    /// <summary>Writes an answer that came whole.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="json">The answer's JSON, where that is wanted.</param>
    /// <param name="text">The answer's text.</param>
    /// <param name="statistics">How it went.</param>
    public static void Whole(CliConsole console, string? json, string text, AnswerStatistics statistics)
    {
        if (json is not null) console.WriteLine(json);
        else console.Write(text);
        console.EndLine();
        console.Note(statistics.ToString());
    }

    private static async Task ShowAsync(CliConsole console, IAsyncEnumerable<AnswerPiece> pieces, AnswerStatistics statistics)
    {
        var view = new AnswerView(console, statistics);
        try
        {
            view.Begin();
            await foreach (AnswerPiece piece in pieces) view.Add(piece);
        }
        finally
        {
            view.End();
        }
    }
}
