using Konko.Server.Generation.Tools;

namespace Konko.Server.Tests.Generation.Tools;

public sealed class ToolCallIdTests
{
    [Fact]
    public void Of_SamePlace_IsTheSameAndElseAnother()
    {
        string id = ToolCallId.Of(ToolDialect.Hermes, [1, 2], seed: 5, choice: 0, index: 0);
        Assert.Matches("^call_[0-9A-Za-z]{24}$", id);
        Assert.Equal(id, ToolCallId.Of(ToolDialect.Hermes, [1, 2], 5, 0, 0));
        string[] others =
        [
            ToolCallId.Of(ToolDialect.Hermes, [1, 3], 5, 0, 0), ToolCallId.Of(ToolDialect.Hermes, [1, 2], 6, 0, 0),
            ToolCallId.Of(ToolDialect.Hermes, [1, 2], 5, 1, 0), ToolCallId.Of(ToolDialect.Hermes, [1, 2], 5, 0, 1),
        ];
        Assert.Equal(4, others.Append(id).Distinct().Count() - 1);
    }

    [Fact]
    public void ForMistral_AnyId_IsOneThatItsTemplatesTake()
    {
        string own = ToolCallId.Of(ToolDialect.Mistral, [1], 5, 0, 0);
        Assert.Matches("^[0-9A-Za-z]{9}$", own);
        Assert.Equal(own, ToolCallId.ForMistral(own));
        Assert.Matches("^[0-9A-Za-z]{9}$", ToolCallId.ForMistral("call_abc"));
        Assert.Equal(ToolCallId.ForMistral("call_abc"), ToolCallId.ForMistral("call_abc"));
        Assert.NotEqual(ToolCallId.ForMistral("call_abc"), ToolCallId.ForMistral("call_abd"));
    }
}
