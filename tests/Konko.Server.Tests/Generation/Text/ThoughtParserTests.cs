using Konko.Engine.Sampling;
using Konko.Engine.Tokenizers;
using Konko.Server.Generation;
using Konko.Server.Generation.Text;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Generation.Text;

public sealed class ThoughtParserTests
{
    private static readonly ProviderRequest s_chat = Request(new ChatPrompt([new ChatMessage("user", new MessageContent(["x"], IsList: false))]));

    [Fact]
    public void For_PromptThatEndsInTheMark_HasBegunTheThought()
    {
        var tokenizer = new ByteTokenizer();
        Func<ThoughtParser> begun = ThoughtParser.For(s_chat, tokenizer, [65, ByteTokenizer.Word("<think>"), 10])!;
        Func<ThoughtParser> fresh = ThoughtParser.For(s_chat, tokenizer, [ByteTokenizer.Word("<think>"), ByteTokenizer.Word("</think>"), 10])!;

        Assert.Equal(new SpokenText("a", "b"), begun().Append("a</think>b"));
        Assert.Equal(new SpokenText("", "a</think>b"), fresh().Append("a</think>b"));
    }

    [Fact]
    public void For_TextCompletion_ParsesNothing()
        => Assert.Null(ThoughtParser.For(Request(new TextPrompt("x")), new ByteTokenizer(), [65]));

    [Fact]
    public void For_Vocabulary_DecidesTheForm()
    {
        Assert.Null(ThoughtParser.For(s_chat, Vocabulary(3, "<|im_end|>"), [0]));
        Assert.Null(ThoughtParser.For(s_chat, Vocabulary(4, "<think>"), [0]));
        Assert.IsType<TagThoughts>(ThoughtParser.For(s_chat, Vocabulary(4, "<think>", "</think>"), [0])!());
        Assert.IsType<ChannelThoughts>(ThoughtParser.For(s_chat, Vocabulary(3, "<|channel|>", "<|message|>"), [0])!());
    }

    private static ProviderRequest Request(Prompt prompt)
        => new() { Model = "m", Prompt = prompt, Sampling = new SamplingParameters(), Clock = RequestClock.Start(TimeProvider.System) };

    private static Tokenizer Vocabulary(int type, params string[] marks) => Tokenizer.Create(new TokenizerData
    {
        Model = "gpt2",
        Pre = "gpt-2",
        Tokens = ["a", .. marks],
        TokenTypes = [1, .. Enumerable.Repeat(type, marks.Length)],
        Merges = [],
    });
}
