using Konko.Server.Configuration;
using Konko.Server.Models;

namespace Konko.Server.Tests.Models;

public sealed class ModelPlanTests
{
    [Theory]
    [InlineData(10_000, 1000, 1000)]
    [InlineData(1110, 1000, 1000)]
    [InlineData(810, 700, 701)]
    [InlineData(310, 200, 201)]
    [InlineData(200, 200, 201)]
    [InlineData(0, 200, 201)]
    public void Within_Bytes_GivesKeysAndValuesWhatIsLeftButTheLeastAtLeast(long bytes, long kv, int context)
    {
        ModelPlan plan = ModelPlan.Within(File(kv: 1000, least: 200), bytes);

        Assert.Equal((kv, kv + 110, context), (plan.KvBytes, plan.Bytes, plan.ContextLength));
    }

    [Fact]
    public void Within_NoKeysAndValues_HasItsWholeContext()
        => Assert.Equal((110, 512), (ModelPlan.Within(File(0, 0) with { PositionBytes = 0, ContextLength = 512 }, 1000).Bytes, ModelPlan.Within(File(0, 0) with { PositionBytes = 0, ContextLength = 512 }, 1000).ContextLength));

    [Fact]
    public void Within_ContextAskedFor_IsNotCut()
        => Assert.Equal(1000, ModelPlan.Within(File(kv: 1000, least: 1000), 500).KvBytes);

    [Theory]
    [InlineData(10_000, 1000, 1000, 1000)]
    [InlineData(2000, 1000, 780, 1000)]
    [InlineData(1000, 580, 200, 890)]
    [InlineData(620, 200, 200, 510)]
    [InlineData(600, 200, 200, 490)]
    public void For_SeveralModels_ThoseOfTheStartFitTogetherAndTheOthersAlone(long limit, long first, long second, long demanded)
    {
        ModelFile file = File(kv: 1000, least: 200);

        ModelPlan?[] plans = ModelPlan.For([(file, ModelLoad.Start), (null, ModelLoad.Start), (file, ModelLoad.Demand), (file, ModelLoad.Start)], limit);

        Assert.Equal([first, null, demanded, second], plans.Select(plan => plan?.KvBytes));
        if (limit >= 620) Assert.InRange(plans[0]!.Bytes + plans[3]!.Bytes, 0, limit);
    }

    private static ModelFile File(long kv, long least)
        => new() { ContextLength = 1000, WeightBytes = 100, BufferBytes = 10, KvBytes = kv, LeastKvBytes = least, PositionBytes = 1 };
}
