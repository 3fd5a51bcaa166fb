using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

/// <summary>A file again, to be bent.</summary>
internal static class GgufCopy
{
    /// <summary>A writer with everything of a file.</summary>
    public static GgufWriter Copy(this GgufFile file)
    {
        var writer = new GgufWriter();
        writer.CopyMetadata(file.Metadata);
        foreach (GgufTensor tensor in file.Tensors)
        {
            byte[] bytes = new byte[tensor.ByteLength];
            file.Read(tensor, bytes, 0);
            writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, bytes);
        }

        return writer;
    }
}
