using System.Text;
using Konko.Engine.Tokenizers;

namespace Konko.Server.Tests.Support;

/// <summary>Every byte, an end, and some texts as tokens of their own: control tokens, or text.</summary>
internal sealed class MarkedTokenizer(string[] controls, string[] words) : Tokenizer
{
    public const int Eos = 256;

    public override int VocabularySize => 257 + controls.Length + words.Length;

    public override int? BosId => null;

    public override int? EosId => Eos;

    public override bool AddBos => false;

    public override IReadOnlyList<int> EndOfGeneration => [Eos];

    public override bool IsSpecial(int id) => id >= Eos && id <= Eos + controls.Length;

    public override ReadOnlySpan<byte> Bytes(int id)
        => id < Eos ? new[] { (byte)id } : IsSpecial(id) ? [] : Encoding.UTF8.GetBytes(words[id - 257 - controls.Length]);

    public override string Literal(int id)
        => id < Eos ? Encoding.Latin1.GetString([(byte)id]) : id == Eos ? "<|eos|>" : id <= Eos + controls.Length ? controls[id - 257] : words[id - 257 - controls.Length];

    public override List<int> Encode(PromptText text)
    {
        string whole = text.ToString();
        int token = Enumerable.Range(257, controls.Length + words.Length).FirstOrDefault(id => Literal(id) == whole);
        return token > 0 ? [token] : [.. Encoding.UTF8.GetBytes(whole).Select(b => (int)b)];
    }

    /// <summary>The tokens of an answer: what is a token is taken as one.</summary>
    public List<int> Cut(string answer)
    {
        var ids = new List<int>();
        for (int at = 0; at < answer.Length;)
        {
            int token = Enumerable.Range(257, controls.Length + words.Length).FirstOrDefault(id => answer.AsSpan(at).StartsWith(Literal(id), StringComparison.Ordinal));
            int length = token > 0 ? Literal(token).Length : char.IsHighSurrogate(answer[at]) ? 2 : 1;
            if (token > 0) ids.Add(token);
            else ids.AddRange(Encoding.UTF8.GetBytes(answer.Substring(at, length)).Select(b => (int)b));
            at += length;
        }

        return ids;
    }
}
