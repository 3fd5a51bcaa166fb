using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>Cuts text into the words that merges never cross, as <c>tokenizer.ggml.pre</c> names it.</summary>
internal sealed class PreTokenizer
{
    private readonly Splitter[] _steps;

    /// <summary>A pre-tokenizer of steps, each of which cuts the pieces of the one before.</summary>
    public PreTokenizer(params Splitter[] steps) => _steps = steps;

    /// <summary>Whether a word that is a token as a whole is that token, whatever the merges would make of it.</summary>
    public bool WholeWordsFirst { get; init; }

    /// <summary>Whether a prompt begins with the BOS where the file does not say.</summary>
    public bool AddsBos { get; init; }

    /// <summary>Lists the words of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ends">Receives the index after each word, ascending; what it held is lost.</param>
    /// <param name="scratch">A second list to work with.</param>
    public void Split(CodePoints text, List<int> ends, List<int> scratch)
    {
        ends.Clear();
        Split(_steps[0], text, 0, text.Length, ends);
        for (int step = 1; step < _steps.Length; step++)
        {
            scratch.Clear();
            scratch.AddRange(ends);
            ends.Clear();
            int start = 0;
            foreach (int end in scratch)
            {
                Split(_steps[step], text, start, end, ends);
                start = end;
            }
        }
    }

    private static void Split(Splitter splitter, CodePoints text, int start, int end, List<int> ends)
    {
        CodePoints piece = text.Slice(start, end);
        for (int position = 0; position < piece.Length;)
        {
            position = splitter.End(piece, position);
            ends.Add(start + position);
        }
    }
}
