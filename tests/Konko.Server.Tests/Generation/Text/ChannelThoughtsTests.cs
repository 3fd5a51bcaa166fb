using Konko.Server.Generation.Text;

namespace Konko.Server.Tests.Generation.Text;

public sealed class ChannelThoughtsTests
{
    [Theory]
    [InlineData("<|channel|>|analysis|<|message|>|Hm. |Yes.|<|end|>|<|start|>|assistant|<|channel|>|final|<|message|>|Hel|lo|<|return|>", "Hm. Yes.", "Hello")]
    [InlineData("<|channel|>|final|<|message|>|Hello", "", "Hello")]
    [InlineData("<|channel|>|comm|entary|<|message|>|Let me see.|<|end|>|<|start|>|assistant|<|channel|>|analysis|<|message|>|Hm", "Hm", "Let me see.")]
    [InlineData("Hello without a head", "", "Hello without a head")]
    [InlineData("<|channel|>|analysis", "", "")]
    [InlineData("<|channel|>|analysis|<|message|>|Hm|<|end|>|<|start|>|assistant", "Hm", "assistant")]
    [InlineData("", "", "")]
    public void Append_Messages_ArePartedByTheirChannel(string tokens, string thought, string content)
    {
        Assert.Equal(new SpokenText(thought, content), Read(tokens, late: 0));
        // Text that may become a stop string comes later than the control tokens behind it.
        Assert.Equal(new SpokenText(thought, content), Read(tokens, late: 3));
        Assert.Equal(new SpokenText(thought, content), Read(tokens, late: 1000));
    }

    [Fact]
    public void Append_HeadThatIsLongerThanAny_IsSaid()
    {
        var parser = new ChannelThoughts();
        string text = new('x', 300);
        Assert.Equal(new SpokenText("", text), parser.Append(text));
        Assert.Equal(new SpokenText("", "y"), parser.Append("y"));
    }

    private static SpokenText Read(string tokens, int late)
    {
        var parser = new ChannelThoughts();
        SpokenText all = SpokenText.None;
        string held = "";
        int position = 0;
        foreach (string token in tokens.Replace("<|", "\0<\0", StringComparison.Ordinal).Replace("|>", "\0>\0", StringComparison.Ordinal).Split('|'))
        {
            if (token.StartsWith('\0'))
            {
                all += parser.Control(token.Replace("\0<\0", "<|", StringComparison.Ordinal).Replace("\0>\0", "|>", StringComparison.Ordinal), position);
                continue;
            }

            held += token;
            position += token.Length;
            int safe = Math.Max(0, held.Length - late);
            all += parser.Append(held[..safe]);
            held = held[safe..];
        }

        return all + parser.Append(held) + parser.Complete();
    }
}
