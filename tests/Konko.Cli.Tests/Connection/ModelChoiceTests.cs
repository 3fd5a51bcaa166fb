using Konko.Cli.Connection;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Connection;

public sealed class ModelChoiceTests
{
    private static readonly Model s_embedder = new() { Id = "vectors", IsChat = false, IsText = false, IsEmbedding = true };
    private static readonly Model s_chat = new() { Id = "talks", IsChat = true, IsText = true, IsEmbedding = false };
    private static readonly Model s_other = new() { Id = "talks-too", IsChat = true, IsText = true, IsEmbedding = false };
    private static readonly Model s_unknown = new() { Id = "upstream" };

    [Fact]
    public void Choose_KnownKinds_TakesTheFirstOfTheKind()
    {
        Model[] models = [s_embedder, s_chat, s_other];

        Assert.Equal(["talks", "talks", "vectors", "talks"], Enum.GetValues<Konko.Cli.Connection.ModelKind>().Select(kind => ModelChoice.Choose(models, kind)));
    }

    [Fact]
    public void Choose_OneModelOfUnknownKind_IsTaken() => Assert.Equal("upstream", ModelChoice.Choose([s_unknown], ModelKind.Embedding));

    [Fact]
    public void Choose_SeveralOfUnknownKind_AsksForOne() =>
        Assert.Equal("the server has several models; name one with --model: upstream, second.",
            Assert.Throws<UsageException>(() => ModelChoice.Choose([s_unknown, new Model { Id = "second" }], ModelKind.Chat)).Message);

    [Fact]
    public void Choose_NoneOfTheKind_SaysWhatThereIs() =>
        Assert.Equal("the server has no model for vectors; it has talks.", Assert.Throws<UsageException>(() => ModelChoice.Choose([s_chat], ModelKind.Embedding)).Message);

    [Fact]
    public void Choose_NoModels_SaysSo() => Assert.Equal("the server has no models; name one with --model.", Assert.Throws<UsageException>(() => ModelChoice.Choose([], ModelKind.Chat)).Message);
}
