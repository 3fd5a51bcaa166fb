using Konko.Engine.Cache;
using Konko.Engine.Kernels;

namespace Konko.Engine.Tests.Kernels;

public sealed unsafe class KvEraserTests
{
    [Theory]
    [InlineData(KvType.BFloat16, 0, 32)]
    [InlineData(KvType.BFloat16, 5, 9)]
    [InlineData(KvType.BFloat16, 14, 18)]
    [InlineData(KvType.BFloat16, 31, 32)]
    [InlineData(KvType.Float32, 3, 20)]
    public void Run_SomePositions_LeavesThePageAsIfTheyHadNotBeenWritten(KvType type, int first, int end)
    {
        var layout = new KvLayout(Layers: 3, KvHeads: 2, HeadDim: 64, type);
        using var erased = new AlignedBuffer<byte>(layout.PageBytes);
        using var expected = new AlignedBuffer<byte>(layout.PageBytes);
        for (int position = 0; position < KvLayout.PagePositions; position++)
        {
            Write(layout, erased.Pointer, position);
            if (position < first || position >= end) Write(layout, expected.Pointer, position);
        }

        KvEraser.Run(layout, erased.Pointer, first, end);

        Assert.True(new Span<byte>(erased.Pointer, (int)layout.PageBytes).SequenceEqual(new Span<byte>(expected.Pointer, (int)layout.PageBytes)));
    }

    private static void Write(KvLayout layout, byte* page, int position)
    {
        var random = new Random(position);
        using var values = new AlignedBuffer<float>(2 * layout.HeadDim);
        for (int head = 0; head < layout.Layers * layout.KvHeads; head++)
        {
            for (int i = 0; i < 2 * layout.HeadDim; i++) values.Pointer[i] = random.NextSingle() - 2;
            KvWriter.Write(layout, page + head * layout.HeadBytes, position, values.Pointer, values.Pointer + layout.HeadDim, layout.HeadDim);
        }
    }
}
