"""What Streamlit lacks: the animated list, tiles, the strip, pictures of ours, and the upload zone."""
