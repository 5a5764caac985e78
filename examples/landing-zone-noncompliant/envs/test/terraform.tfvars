certificate_arn = "arn:aws:acm:eu-west-1:222222222222:certificate/0a1b2c3d-0000-4000-8000-000000000002"
image_id        = "ami-0123456789abcdef2"
