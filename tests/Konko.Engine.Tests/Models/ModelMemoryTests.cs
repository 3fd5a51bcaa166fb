using Konko.Engine.Gguf;
using Konko.Engine.Kernels;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models;

public sealed unsafe class ModelMemoryTests
{
    [Fact]
    public void Matrix_OneAfterTheOther_LieSoInMemory()
    {
        using var memory = new ModelMemory(8 << 20, countOnly: false);
        PackedMatrix first = memory.Matrix(PanelFormat.Q4Min, 48, 64);
        AlignedBuffer<float> vector = memory.Vector(17);
        PackedMatrix second = memory.Matrix(PanelFormat.Q8, 16, 32);

        Assert.Equal(PackedMatrix.BytesOf(PanelFormat.Q4Min, 48, 64), (byte*)vector.Pointer - first.Scales(0));
        Assert.Equal(32, vector.Length);
        Assert.Equal(32 * sizeof(float), second.Scales(0) - (byte*)vector.Pointer);
        Assert.Equal(0, (nint)second.Quants(0) % 64);
        Assert.Equal(first.Bytes + 32 * sizeof(float) + second.Bytes, memory.Bytes);
    }

    [Fact]
    public void Matrix_LargerThanASlab_HasMemoryOfItsOwn()
    {
        using var memory = new ModelMemory(100 << 20, countOnly: false);
        PackedMatrix small = memory.Matrix(PanelFormat.Q8, 16, 32), large = memory.Matrix(PanelFormat.Q8, 1 << 16, 1 << 10);

        *large.Quants(large.Panels - 1) = 1;
        Assert.True(large.Bytes > 64 << 20);
        Assert.False(large.Scales(0) < small.Quants(0) && small.Quants(0) < large.Scales(0) + large.Bytes);
    }

    [Fact]
    public void Matrix_FarMoreThanTheFile_IsRefusedBeforeItIsTaken()
    {
        using var memory = new ModelMemory(1 << 20, countOnly: false);

        GgufException refused = Assert.Throws<GgufException>(() => memory.Matrix(PanelFormat.F32, 1 << 30, 1 << 20));
        Assert.Contains("far more than the file has", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_CountOnly_TakesNone()
    {
        using var memory = new ModelMemory(100 << 20, countOnly: true);

        Assert.Equal(0, memory.Matrix(PanelFormat.Q8, 1 << 16, 1 << 10).Bytes);
        Assert.Equal(PackedMatrix.BytesOf(PanelFormat.Q8, 1 << 16, 1 << 10), memory.Bytes);
    }
}
