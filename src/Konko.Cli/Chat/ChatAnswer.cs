using System.Text;
using Konko.Cli.Answers;
using Konko.Cli.Terminal;

namespace Konko.Cli.Chat;

/// <summary>Asks a question and shows the answer while it is written.</summary>
/// <param name="console">Where to.</param>
/// <param name="time">The clock.</param>
internal sealed class ChatAnswer(CliConsole console, TimeProvider time)
{
    private readonly StringBuilder _text = new();

    /// <summary>What came so far.</summary>
    public string Text => _text.ToString();

    /// <summary>How it went.</summary>
    public AnswerStatistics Statistics { get; } = new(time);

    /// <summary>Reads an answer to its end; where that fails, <see cref="Text"/> has what came before.</summary>
    public async Task ShowAsync(IAsyncEnumerable<AnswerPiece> pieces)
    {
        var view = new AnswerView(console, Statistics);
        try
        {
            view.Begin();
            await foreach (AnswerPiece piece in pieces)
            {
                _text.Append(piece.Text);
                view.Add(piece);
            }
        }
        finally
        {
            view.End();
        }
    }
}
